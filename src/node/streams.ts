import { Duplex, promises, Readable, Writable } from 'node:stream';
import { Carried, DROPPED, HELD, Holder } from '../values/carrier.js';
import { number } from '../values/check.js';
import type { Kind } from '../values/kind.js';

type AnyStream = Readable | Writable;

interface Chunk {
  chunk: unknown;
  encoding: BufferEncoding;
}

interface Read {
  done?: boolean;
  value?: unknown;
}

/** What a stream's stand-in asks of the real one. */
interface Remote {
  read(): Promise<Read>;
  write(chunks: Chunk[]): Promise<void>;
  end(): Promise<void>;
  destroy(error: Error | null): Promise<void>;
  /** Answers when the real stream has closed. */
  closed(): Promise<void>;
}

interface Head {
  remote: Remote;
  readable: boolean;
  writable: boolean;
  encoding: BufferEncoding | null;
  readableObjectMode: boolean;
  writableObjectMode: boolean;
  readableHighWaterMark: number;
  writableHighWaterMark: number;
}

/** A stand-in buffers as much as the real stream does, but what a peer says cannot make it buffer without bound. */
const MOST_BUFFERED = 1024 * 1024;

const streams = new Carried<AnyStream, Remote>();
const ignore = (): void => {};

/**
 * Serves a real stream. Its errors go to the one who uses it from afar, so they must not be uncaught here as well. Each
 * read and each write is answered when it is done: that is the backpressure.
 */
class StreamCarrier extends Holder implements Remote {
  #chunks: AsyncIterator<unknown> | undefined;
  #used = false;
  #waiting: (() => void)[] = [];

  constructor(private readonly stream: AnyStream) {
    super();
  }

  readonly #tellClosed = (): void => {
    for (const tell of this.#waiting.splice(0)) tell();
  };

  override [HELD](): void {
    this.stream.on('error', ignore).on('close', this.#tellClosed);
  }

  /** Who used it has gone. A stream that was merely mentioned is left as it was. */
  [DROPPED](): void {
    this.#tellClosed();
    if (this.#used && !this.stream.destroyed && !isDone(this.stream)) this.stream.destroy();
    // A destroyed stream may still have an error to tell.
    if (!this.stream.destroyed) this.stream.off('error', ignore).off('close', this.#tellClosed);
  }

  async read(): Promise<Read> {
    this.#used = true;
    this.#chunks ??= (this.stream as Readable).iterator({ destroyOnReturn: false });
    return (await this.#chunks.next()) as Read;
  }

  async write(chunks: Chunk[]): Promise<void> {
    this.#used = true;
    const stream = this.stream as Writable;
    await Promise.all(chunks.map(({ chunk, encoding }) => new Promise<void>((resolve, reject) => {
      stream.write(chunk, encoding, (error) => (error ? reject(error) : resolve()));
    })));
  }

  async end(): Promise<void> {
    this.#used = true;
    const stream = this.stream as Writable;
    stream.end();
    await promises.finished(stream, { readable: false });
  }

  async destroy(error: Error | null): Promise<void> {
    if (!this.stream.destroyed) this.stream.destroy(error ?? undefined);
  }

  async closed(): Promise<void> {
    if (!this.stream.closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.stream.errored) throw this.stream.errored;
  }
}

function isDone(stream: AnyStream): boolean {
  const read = !(stream instanceof Readable) || stream.readableEnded;
  const written = !('writableFinished' in stream) || stream.writableFinished;
  return read && written;
}

/** What the other side does is its own: what it answers wrongly, or not at all, ends the stand-in with an error. */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  return question();
}

function readFrom(remote: Remote, encoding: BufferEncoding | null) {
  return function (this: Readable): void {
    ask(() => remote.read())
      .then(({ done, value }) => this.push(done === true ? null : value, encoding ?? undefined))
      .catch((error: Error) => this.destroy(error));
  };
}

function writeTo(remote: Remote) {
  return {
    write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
      ask(() => remote.write([{ chunk, encoding }])).then(() => done(), done);
    },
    writev(chunks: Chunk[], done: (error?: Error | null) => void): void {
      ask(() => remote.write(chunks.map(({ chunk, encoding }) => ({ chunk, encoding })))).then(() => done(), done);
    },
    final(done: (error?: Error | null) => void): void {
      ask(() => remote.end()).then(() => done(), done);
    },
  };
}

function standIn({ remote, readable, writable, encoding, readableObjectMode, writableObjectMode, ...marks }: Head): AnyStream {
  const destroy = (error: Error | null, done: (error?: Error | null) => void): void => {
    ask(() => remote.destroy(error)).catch(ignore);
    done(error);
  };
  const readableHighWaterMark = Math.min(number(marks.readableHighWaterMark), MOST_BUFFERED);
  const writableHighWaterMark = Math.min(number(marks.writableHighWaterMark), MOST_BUFFERED);
  const modes = { readableObjectMode, writableObjectMode, readableHighWaterMark, writableHighWaterMark, destroy };
  const reading = { read: readFrom(remote, encoding), ...(encoding === null ? {} : { encoding }) };
  if (readable && writable) return new Duplex({ ...modes, ...reading, ...writeTo(remote) });
  if (writable) return new Writable({ objectMode: writableObjectMode, highWaterMark: writableHighWaterMark, destroy, ...writeTo(remote) });
  return new Readable({ objectMode: readableObjectMode, highWaterMark: readableHighWaterMark, destroy, ...reading });
}

/** Follows the real stream's end, without keeping a stand-in alive that nobody uses. */
function follow(stream: AnyStream, remote: Remote): AnyStream {
  // A lost session ends the stream with an error; a process that does not listen for it must not end by it.
  stream.on('error', ignore);
  watchEnd(ask(() => remote.closed()), new WeakRef(stream));
  return stream;
}

/** Made apart from what asks: closures of one scope share what they hold, and these wait for as long as the real stream is open. */
function watchEnd(closed: Promise<void>, held: WeakRef<AnyStream>): void {
  closed.then(() => stopWriting(held.deref()), (error: Error) => held.deref()?.destroy(error));
}

/** A reader hears of the end by its reads, and one who has ended by the answer to that. Only a writer would go on. */
function stopWriting(stream: AnyStream | undefined): void {
  if (stream === undefined || !('writableEnded' in stream) || stream.writableEnded) return;
  if (!(stream instanceof Readable) || stream.readableEnded) stream.destroy();
}

export const nodeStream: Kind<AnyStream, Head> = {
  tag: 'NodeStream',
  is: (value) => value instanceof Readable || value instanceof Writable,
  head: (stream) => {
    const { readable = false, readableObjectMode = false, readableEncoding = null, readableHighWaterMark = 0 } = stream as Partial<Readable>;
    const { writable = false, writableObjectMode = false, writableHighWaterMark = 0 } = stream as Partial<Writable>;
    const isReadable = readable || (stream instanceof Readable && !(stream instanceof Duplex));
    const remote = streams.carrier(stream, () => new StreamCarrier(stream));
    return {
      remote, readable: isReadable, writable, encoding: readableEncoding,
      readableObjectMode, writableObjectMode, readableHighWaterMark, writableHighWaterMark,
    };
  },
  create: (head) => streams.value(head.remote, () => follow(standIn(head), head.remote)),
};
