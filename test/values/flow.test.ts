import { getEventListeners, once } from 'node:events';
import { Duplex, Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { within, type Connection } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import type { Flow } from './fixtures/flow-host.js';
import { Money, money } from './money.js';

interface Counts {
  read: number;
  webRead: number;
  yielded: number;
  written: number;
  destroyed: string[];
  ended: string[];
}

let host: HostProcess;
let connection: Connection<{ flow: Flow }>;
let flow: Connection<{ flow: Flow }>['services']['flow'];

beforeEach(async () => {
  host = await HostProcess.start(new URL('fixtures/flow-host.ts', import.meta.url));
  connection = await host.connect({ kinds: [money] });
  ({ flow } = connection.services);
});

afterEach(async () => {
  expect(await host.ask('errors')).toEqual([]);
  await host.isClean(connection);
  await host.stop();
});

const counts = (): Promise<Counts> => host.ask<Counts>('counts');

/** The count once it has stopped growing. */
async function settled(of: (counts: Counts) => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = of(await counts());
    if (now === last) return now;
    last = now;
    await pause(20);
  }
}

/** Needed where the type of a stand-in says less than it is. */
async function readable(name: string): Promise<Readable> {
  return (await flow.readable(name)) as unknown as Readable;
}

describe('backpressure across processes', () => {
  it('stops a Node producer while nobody reads', async () => {
    const stream = await readable('a');
    const ahead = 40;
    expect(await settled(({ read }) => read)).toBeLessThan(ahead);
    let got = 0;
    for (let i = 0; i < 20; i++) {
      while (stream.readableLength === 0) await once(stream, 'readable');
      got += (stream.read() as Buffer).length / 1024;
      const read = await settled((now) => now.read);
      expect(read).toBeGreaterThanOrEqual(got);
      expect(read).toBeLessThan(got + ahead);
    }
    stream.destroy();
    await eventually('the real stream', async () => (await counts()).destroyed, ['a']);
  });

  it('stops a Node writer while the real stream is full', async () => {
    const stream = (await flow.writable()) as unknown as Writable;
    let written = 0;
    while (stream.write(Buffer.alloc(256))) written++;
    expect(written).toBeLessThan(100);
    let drained = false;
    stream.once('drain', () => (drained = true));
    await eventually('writes that reached the host', async () => (await counts()).written, 1);
    expect(drained).toBe(false);
    const took = setInterval(() => void flow.take(100), 5);
    await once(stream, 'drain');
    clearInterval(took);
    stream.destroy();
  });

  it('stops a web producer while nobody reads', async () => {
    const reader = ((await flow.webReadable()) as unknown as ReadableStream<{ n: number }>).getReader();
    expect(await settled(({ webRead }) => webRead)).toBe(1);
    expect(await reader.read()).toEqual({ done: false, value: { n: 0 } });
    expect(await settled(({ webRead }) => webRead)).toBeLessThan(5);
    await reader.cancel('enough');
    expect((await counts()).ended).toEqual(['web: enough']);
  });

  it('asks a generator only for what is wanted', async () => {
    for await (const n of await flow.numbers('gen')) if (n === 3) break;
    const { yielded, ended } = await counts();
    expect([yielded, ended]).toEqual([4, ['gen']]);
  });
});

describe('the end of what is stood in for', () => {
  it('tells the reader of the error of the real stream', async () => {
    const stream = (await flow.failing()) as unknown as Readable;
    await expect(stream.toArray()).rejects.toMatchObject({ name: 'RangeError', message: 'disk', code: 'E_DISK' });
  });

  it('hands an error with which a stand-in is destroyed to the real stream, whose process survives it', async () => {
    const stream = await readable('a');
    stream.destroy(new Error('bad'));
    await connection.close();
    await eventually('the real stream', async () => (await counts()).destroyed, ['a: bad']);
    connection = await host.connect();
  });

  it('comes with the session: what was used is closed, what was only mentioned is as before', async () => {
    const { stream: mentioned } = (await flow.mention('mentioned')) as unknown as { stream: Readable };
    const used = await readable('used');
    used.resume();
    await once(used, 'data');
    const numbers = await flow.numbers('numbers');
    await numbers.next();
    const never = (flow.never() as Promise<unknown>).catch((error: { code: string }) => error.code);
    const failed = new Promise((resolve) => used.once('error', resolve));
    await connection.close();
    expect(await never).toBe('ERR_DYNOBOT_DISCONNECTED');
    await expect(numbers.next()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
    expect(await failed).toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
    await eventually('what has ended', async () => [(await counts()).ended, (await counts()).destroyed], [['numbers'], ['used']]);
    expect(await host.ask('listeners', 'mentioned')).toEqual([]);
    expect(mentioned.destroyed).toBe(true);
    expect(await host.isRunning).toBe(true);
  });

  it('of one session leaves what another still uses', async () => {
    const other = await host.connect<{ flow: Flow }>();
    const numbers = await flow.shared();
    const theirs = await other.services.flow.shared();
    await numbers.next();
    await theirs.next();
    await other.close();
    await eventually('sessions', async () => (await host.sessions()).length, 1);
    expect((await numbers.next()).value).toBe(2);
    await numbers.return(undefined as never);
    expect((await counts()).ended).toEqual(['shared']);
  });
});

describe('a stream that is dropped without having ended', () => {
  it.each(['readable', 'sink', 'half-read'])('is let go of on both sides: %s', async (kind) => {
    await (async () => {
      for (let i = 0; i < 5; i++) {
        const stream = (await (kind === 'sink' ? flow.sink() : flow.readable(kind))) as unknown as Readable;
        if (kind === 'half-read') await once(stream, 'readable').then(() => stream.read(1));
      }
    })();
    await host.holdsOnlyServices(connection);
  });
});

it.each([
  ['endedWritable', Writable, 'ERR_STREAM_WRITE_AFTER_END'],
  ['destroyedWritable', Writable, 'ERR_STREAM_DESTROYED'],
  ['endedDuplex', Duplex, 'ERR_STREAM_WRITE_AFTER_END'],
  ['destroyedDuplex', Duplex, 'ERR_STREAM_DESTROYED'],
] as const)('a stream crosses as what it is when that is over: %s', async (name, kind, code) => {
  const stream = (await flow[name]()) as unknown as Writable;
  expect(stream).toBeInstanceOf(kind);
  expect(stream instanceof Readable).toBe(kind === Duplex);
  expect(stream.writable).toBe(false);
  const failed = new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => stream.write('x', resolve));
  expect((await failed)?.code).toBe(code);
});

it('what a stream held when its writer had ended is still read', async () => {
  const stream = (await flow.endedDuplex()) as unknown as Duplex;
  expect((await stream.toArray()).join('')).toBe('abc');
  await eventually('the end', () => stream.destroyed, true);
});

it('what is pending for ever costs nothing for sessions that have ended, while others wait for it', async () => {
  const waiting = (await flow.idle()) as unknown as { forever: Promise<unknown>; lasting: Readable };
  const grown = async (sessions: number): Promise<number> => {
    const before = await host.ask<number>('promises');
    for (let i = 0; i < sessions; i++) {
      const other = await host.connect<{ flow: Flow }>({ reconnect: false });
      await other.services.flow.idle();
      await other.close();
    }
    await eventually('sessions', async () => (await host.sessions()).length, 1);
    return (await host.ask<number>('promises')) - before;
  };
  await grown(5);
  expect(await grown(50)).toBeLessThan(10);
  expect(waiting.lasting.destroyed).toBe(false);
});

describe('calls within one signal', () => {
  it('are as many as one likes, and all end by it', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', note);
    const controller = new AbortController();
    const hanging = Array.from({ length: 30 }, () => within(flow, { signal: controller.signal }).never() as Promise<unknown>);
    await within(flow, { signal: controller.signal }).echo(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort('enough');
    expect(await Promise.allSettled(hanging)).toEqual(hanging.map(() => ({ status: 'rejected', reason: 'enough' })));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('an AbortSignal given to a call', () => {
  it('aborts the real one', async () => {
    const controller = new AbortController();
    const working = flow.work(controller.signal);
    await flow.echo(1);
    controller.abort('enough');
    expect(await working).toBe('stopped');
    expect((await counts()).ended).toEqual(['aborted: enough']);
  });

  it('is gone once its controller is gone', async () => {
    await (async () => {
      for (let i = 0; i < 5; i++) await flow.echo({ signal: new AbortController().signal });
    })();
    await host.holdsOnlyServices(connection);
  });
});

it('leaves promises, iterators and streams their time, whatever the timeout of calls', async () => {
  const hasty = await host.connect<{ flow: Flow }>({ timeout: 100, kinds: [money] });
  const slow = (await hasty.services.flow.slow(300)) as { later: Promise<unknown>; numbers: AsyncGenerator<unknown> };
  expect(await slow.numbers.next()).toEqual({ done: false, value: 'late' });
  expect(await slow.later).toBe('done');
  await expect(hasty.services.flow.never()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_TIMEOUT' });
  await hasty.close();
});

it('carries a kind of the user\'s own both ways', async () => {
  const echoed = await (flow.echo(new Map([['m', new Money(5n, 'EUR')]])) as Promise<Map<string, Money>>);
  expect(echoed.get('m')).toEqual(new Money(5n, 'EUR'));
  expect(echoed.get('m')).toBeInstanceOf(Money);
  expect(await flow.spend(new Money(7n, 'EUR'))).toBe(7n);
});
