import { Carried, DROPPED, Holder } from './carrier.js';
import type { Kind } from './kind.js';

type Read = { done: boolean; value?: unknown };

interface Source {
  pull(): Promise<Read>;
  cancel(reason: unknown): Promise<void>;
}

interface Sink {
  write(chunk: unknown): Promise<void>;
  close(): Promise<void>;
  abort(reason: unknown): Promise<void>;
}

const readables = new Carried<ReadableStream, Source>();
const writables = new Carried<WritableStream, Sink>();

/** One chunk a call, asked for when the consumer has room: that is the backpressure. */
class ReadableCarrier extends Holder implements Source {
  #reader: ReadableStreamDefaultReader | undefined;

  constructor(private readonly stream: ReadableStream) {
    super();
  }

  async pull(): Promise<Read> {
    this.#reader ??= this.stream.getReader();
    return this.#reader.read();
  }

  async cancel(reason: unknown): Promise<void> {
    await (this.#reader ?? this.stream).cancel(reason);
  }

  /** A stream that was merely mentioned is not touched. */
  [DROPPED](): void {
    if (this.#reader !== undefined) this.cancel('nobody reads it any more').catch(() => {});
  }
}

export const readableStream: Kind<ReadableStream, Source> = {
  tag: 'ReadableStream',
  is: (value) => typeof ReadableStream === 'function' && value instanceof ReadableStream,
  head: (stream) => readables.carrier(stream, () => new ReadableCarrier(stream)),
  create: (source) =>
    readables.value(source, () => new ReadableStream(
      {
        pull: async (controller) => {
          const { done, value } = await source.pull();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => source.cancel(reason),
      },
      // Nothing is asked for ahead: to read is to lock the real stream.
      { highWaterMark: 0 },
    )),
};

/** Each write is answered when the real stream has taken the chunk. */
class WritableCarrier extends Holder implements Sink {
  #writer: WritableStreamDefaultWriter | undefined;
  #closed = false;

  constructor(private readonly stream: WritableStream) {
    super();
  }

  get #open(): WritableStreamDefaultWriter {
    return (this.#writer ??= this.stream.getWriter());
  }

  async write(chunk: unknown): Promise<void> {
    await this.#open.ready;
    await this.#open.write(chunk);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#open.close();
  }

  async abort(reason: unknown): Promise<void> {
    this.#closed = true;
    await this.#open.abort(reason);
  }

  [DROPPED](): void {
    if (!this.#closed && this.#writer !== undefined) this.abort('its writer has gone').catch(() => {});
  }
}

export const writableStream: Kind<WritableStream, Sink> = {
  tag: 'WritableStream',
  is: (value) => typeof WritableStream === 'function' && value instanceof WritableStream,
  head: (stream) => writables.carrier(stream, () => new WritableCarrier(stream)),
  create: (sink) =>
    writables.value(sink, () => new WritableStream({
      write: (chunk) => sink.write(chunk),
      close: () => sink.close(),
      abort: (reason) => sink.abort(reason),
    })),
};

/** Its two ends cross; what they end in stays where it is. */
export const transformStream: Kind<TransformStream, [ReadableStream, WritableStream]> = {
  tag: 'TransformStream',
  is: (value) => typeof TransformStream === 'function' && value instanceof TransformStream,
  head: ({ readable, writable }) => [readable, writable],
  create: ([readable, writable]) =>
    Object.create(TransformStream.prototype, { readable: { value: readable }, writable: { value: writable } }) as TransformStream,
};
