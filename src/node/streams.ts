import { Duplex, promises, Readable, Writable } from 'node:stream';
import { Carried, DROPPED, HELD, Holder } from '../values/carrier.js';
import { number } from '../values/check.js';
import type { Kind } from '../values/kind.js';
import { Waiters } from '../values/waiters.js';

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
  /** What it is, also when that is over. */
  readable: boolean;
  writable: boolean;
  readableEnded: boolean;
  writableEnded: boolean;
  /** Destroyed before it was done, and without an error, which would be told by `closed`. */
  destroyed: boolean;
  encoding: BufferEncoding | null;
  readableObjectMode: boolean;
  writableObjectMode: boolean;
  readableHighWaterMark: number;
  writableHighWaterMark: number;
}

/** A stand-in buffers as much as the real stream does, but what a peer says cannot make it buffer without bound. */
const MOST_BUFFERED = 1024 * 1024;

/** An option of Duplex that its types lack. */
const NOT_READABLE = { readable: false };

const streams = new Carried<AnyStream, Remote>();
const ignore = (): void => {};

/**
 * Serves a real stream. Its errors go to the one who uses it from afar, so they must not be uncaught here as well. Each
 * read and each write is answered when it is done: that is the backpressure.
 */
class StreamCarrier extends Holder implements Remote {
  #chunks: AsyncIterator<unknown> | undefined;
  #used = false;
  readonly #waiters = new Waiters<void>();

  constructor(private readonly stream: AnyStream) {
    super();
  }

  readonly #tellClosed = (): void => {
    if (this.stream.errored) this.#waiters.reject(this.stream.errored);
    else this.#waiters.resolve();
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
    const stream = this.stream as Writable;
    // A stand-in of a stream that had ended only asks when it has finished.
    this.#used ||= !stream.writableEnded;
    stream.end();
    await promises.finished(stream, { readable: false });
  }

  async destroy(error: Error | null): Promise<void> {
    if (!this.stream.destroyed) this.stream.destroy(error ?? undefined);
  }

  closed(): Promise<void> {
    const closed = this.#waiters.wait();
    if (this.stream.closed) this.#tellClosed();
    return closed;
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

function standIn({ remote, readable, writable, encoding, readableObjectMode, writableObjectMode, ...state }: Head): AnyStream {
  const destroy = (error: Error | null, done: (error?: Error | null) => void): void => {
    ask(() => remote.destroy(error)).catch(ignore);
    done(error);
  };
  const readableHighWaterMark = Math.min(number(state.readableHighWaterMark), MOST_BUFFERED);
  const writableHighWaterMark = Math.min(number(state.writableHighWaterMark), MOST_BUFFERED);
  const modes = { readableObjectMode, writableObjectMode, readableHighWaterMark, writableHighWaterMark, destroy };
  const reading = { read: readFrom(remote, encoding), ...(encoding === null ? {} : { encoding }) };
  if (readable && writable) return new Duplex({ ...modes, ...reading, ...writeTo(remote), ...(state.readableEnded ? NOT_READABLE : {}) });
  if (writable) return new Writable({ objectMode: writableObjectMode, highWaterMark: writableHighWaterMark, destroy, ...writeTo(remote) });
  return new Readable({ objectMode: readableObjectMode, highWaterMark: readableHighWaterMark, destroy, ...reading });
}

/** Brings a stand-in to where the real stream is. */
function catchUp(stream: AnyStream, { writable, writableEnded, destroyed }: Head): AnyStream {
  if (writable && writableEnded) (stream as Writable).end();
  return destroyed ? stream.destroy() : stream;
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
    const { readableEnded = false, readableObjectMode = false, readableEncoding = null, readableHighWaterMark = 0 } = stream as Partial<Readable>;
    const { writableEnded = false, writableObjectMode = false, writableHighWaterMark = 0 } = stream as Partial<Writable>;
    const remote = streams.carrier(stream, () => new StreamCarrier(stream));
    return {
      remote, readable: stream instanceof Readable, writable: stream instanceof Writable, readableEnded, writableEnded,
      destroyed: stream.destroyed && !stream.errored && !isDone(stream), encoding: readableEncoding,
      readableObjectMode, writableObjectMode, readableHighWaterMark, writableHighWaterMark,
    };
  },
  create: (head) => streams.value(head.remote, () => follow(catchUp(standIn(head), head), head.remote)),
};
