import assert from 'node:assert/strict';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Row } from './row.js';

async function* count(): AsyncGenerator<number, string, number> {
  for (let i = 0; i < 10; ) i += (yield i) ?? 1;
  return 'end';
}

function collector(): { writable: Writable; written: () => string } {
  let written = '';
  const writable = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += String(chunk);
      setImmediate(done);
    },
  });
  return { writable, written: () => written };
}

async function readAll(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream as unknown as AsyncIterable<unknown>) chunks.push(chunk);
  return chunks;
}

function webWritable(): { sink: WritableStream; got: () => unknown[]; closed: () => boolean } {
  const got: unknown[] = [];
  let isClosed = false;
  return { sink: new WritableStream({ write: (chunk) => void got.push(chunk), close: () => void (isClosed = true) }), got: () => got, closed: () => isClosed };
}

const iterations: readonly Row[] = [
  {
    kind: 'promise', how: 'stood in for', kept: 'a promise of the same outcome; one that nobody waits for ends no process', lost: 'a class derived from `Promise`',
    make: () => ({ good: new Promise((resolve) => setImmediate(resolve, ['x'])), bad: rejection() }),
    check: async (arrived) => {
      const { good, bad } = arrived as { good: Promise<unknown>; bad: Promise<unknown> };
      assert.ok(good instanceof Promise && bad instanceof Promise);
      assert.deepEqual(await good, ['x']);
      await assert.rejects(bad, { name: 'RangeError', message: 'no' });
    },
  },
  {
    kind: 'async generator', how: 'stood in for', kept: '`next(value)`, `return`, `throw`, the returned value; leaving a `for await` early runs its `finally`',
    make: count,
    check: async (arrived) => {
      const counting = arrived as ReturnType<typeof count>;
      assert.deepEqual(await counting.next(), { done: false, value: 0 });
      assert.deepEqual(await counting.next(4), { done: false, value: 4 });
      assert.deepEqual(await counting.next(20), { done: true, value: 'end' });
      assert.equal(counting[Symbol.asyncIterator](), counting);
    },
  },
  {
    kind: 'generator', how: 'stood in for', kept: 'as an async generator: values come when they are asked for', lost: 'being synchronous',
    make: function* () { yield* [1, { two: 2 }]; },
    check: async (arrived) => assert.deepEqual(await readAll(arrived as ReadableStream), [1, { two: 2 }]),
  },
  {
    kind: 'plain object with `[Symbol.asyncIterator]`', how: 'stood in for', kept: '`for await` over the copy', lost: '`[Symbol.iterator]` of a plain object',
    make: () => ({ size: 2, async *[Symbol.asyncIterator](this: { size: number }) { yield* [3, this.size]; } }),
    check: async (arrived) => {
      assert.equal((arrived as { size: number }).size, 2);
      assert.deepEqual(await readAll(arrived as ReadableStream), [3, 2]);
    },
  },
  {
    kind: '`AbortSignal`', how: 'stood in for', kept: '`aborted`, `reason`, the `abort` event', lost: 'a change shows one message later',
    make: () => ({ now: AbortSignal.abort('why'), later: abortSoon('later'), never: new AbortController().signal }),
    check: async (arrived) => {
      const { now, later, never } = arrived as Record<string, AbortSignal>;
      assert.ok(now instanceof AbortSignal && later instanceof AbortSignal && never instanceof AbortSignal);
      assert.deepEqual([now.aborted, now.reason, never.aborted], [true, 'why', false]);
      if (!later.aborted) await new Promise((resolve) => later.addEventListener('abort', resolve));
      assert.equal(later.reason, 'later');
    },
  },
];

function rejection(): Promise<never> {
  const rejected = Promise.reject(new RangeError('no'));
  rejected.catch(() => {});
  return rejected;
}

function abortSoon(reason: string): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(reason));
  return controller.signal;
}

const streams: readonly Row[] = [
  {
    kind: 'Node `Readable`', how: 'stood in for', kept: 'chunks, object mode, encoding, errors, backpressure', lost: 'its class, own properties',
    make: () => ({ objects: Readable.from([{ a: 1 }, new Map()]), bytes: Readable.from([Buffer.from('by'), Buffer.from('tes')], { objectMode: false }), text: encoded() }),
    check: async (arrived) => {
      const { objects, bytes, text: strings } = arrived as Record<string, Readable>;
      assert.ok(objects instanceof Readable && bytes instanceof Readable && strings instanceof Readable);
      assert.deepEqual(await objects.toArray(), [{ a: 1 }, new Map()]);
      assert.equal(await text(bytes), 'bytes');
      assert.deepEqual((await strings.toArray()).map((chunk) => typeof chunk), ['string']);
    },
  },
  {
    kind: 'Node `Writable`', how: 'stood in for', kept: 'order, `finish` after the real one has finished, errors, backpressure', lost: 'its class, own properties',
    make: collector,
    check: async (arrived) => {
      const { writable, written } = arrived as { writable: Writable; written(): Promise<string> };
      assert.ok(writable instanceof Writable);
      writable.write('a');
      writable.write(Buffer.from('b'));
      await new Promise<void>((resolve) => writable.end('c', resolve));
      assert.equal(await written(), 'abc');
    },
  },
  {
    kind: 'Node `Duplex`', how: 'stood in for', kept: 'both of it', lost: 'its class, own properties',
    make: () => new PassThrough(),
    check: async (arrived) => {
      assert.ok(arrived instanceof Duplex);
      arrived.end('through');
      assert.equal(await text(arrived), 'through');
    },
  },
  {
    kind: '`ReadableStream`', how: 'stood in for', kept: 'chunks of every kind, `cancel`, errors, backpressure; it is not read before somebody reads', lost: 'byte streams (BYOB)',
    make: () => new ReadableStream({
      start(controller) {
        for (const chunk of ['a', { b: [1n] }]) controller.enqueue(chunk);
        controller.close();
      },
    }),
    check: async (arrived) => {
      assert.ok(arrived instanceof ReadableStream);
      assert.deepEqual(await readAll(arrived), ['a', { b: [1n] }]);
    },
  },
  {
    kind: '`WritableStream`', how: 'stood in for', kept: 'order, `close` after the real one has closed, `abort`, errors, backpressure',
    make: webWritable,
    check: async (arrived) => {
      const { sink, got, closed } = arrived as { sink: WritableStream; got(): Promise<unknown>; closed(): Promise<boolean> };
      assert.ok(sink instanceof WritableStream);
      const writer = sink.getWriter();
      await writer.write({ a: 1 });
      await writer.close();
      assert.deepEqual([await got(), await closed()], [[{ a: 1 }], true]);
    },
  },
  {
    kind: '`TransformStream`', how: 'stood in for', kept: 'its two ends', lost: 'identity of the pair; its ends have theirs',
    make: () => new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk * 2) }),
    check: async (arrived) => {
      assert.ok(arrived instanceof TransformStream);
      const source = new ReadableStream({ start: (controller) => { controller.enqueue(21); controller.close(); } });
      assert.deepEqual(await readAll(source.pipeThrough(arrived as never)), [42]);
    },
  },
];

function encoded(): Readable {
  const stream = new PassThrough({ encoding: 'utf8' });
  stream.end('text');
  return stream;
}

export const standIns: readonly Row[] = [...iterations, ...streams];
