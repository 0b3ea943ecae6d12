import vm from 'node:vm';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { release, type Connection } from '../../src/index.js';
import { HostProcess } from '../support/host-process.js';

interface Flow {
  echo(...values: unknown[]): Promise<unknown>;
  ask(fn: () => unknown, ...more: unknown[]): Promise<unknown>;
  thing(): Promise<{ length(text: unknown): Promise<number> }>;
}

let host: HostProcess;
let connection: Connection<{ flow: Flow }>;
let echo: (value: unknown) => Promise<unknown>;

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/flow-host.ts', import.meta.url));
  connection = await host.connect();
  echo = (value) => connection.services.flow.echo(value) as Promise<unknown>;
});

afterEach(() => host.holdsOnlyServices(connection));

afterAll(async () => {
  await host.isClean(connection);
  await host.stop();
});

it.each([
  ['an object of data', (value: object) => value],
  ['an object in an object', (value: object) => ({ in: value })],
  ['an object beside what needs more', (value: object) => Object.defineProperties({ date: new Date(1) }, Object.getOwnPropertyDescriptors(value))],
  ['an object with symbols', (value: object) => Object.defineProperties({ [Symbol.for('x')]: 1 }, Object.getOwnPropertyDescriptors(value))],
  ['an object after others', (value: object) => [{}, value]],
  ['an object that is too long for the short way', (value: object) => Object.defineProperties({ long: 'x'.repeat(6_000_000) }, Object.getOwnPropertyDescriptors(value))],
])('reads a getter of %s once', async (_title, place) => {
  let reads = 0;
  const value = place({ get v() { return ++reads; } });
  expect(JSON.stringify(await echo(value))).toContain('"v":1');
  expect(reads).toBe(1);
});

it('reads a getter of large data once, and tells where one throws', async () => {
  const much = Array.from({ length: 300 }, (_, n) => ({ n }));
  for (let reads = 0, time = 0; time < 3; reads = 0, time++) {
    expect(JSON.stringify(await echo({ much, in: { get v() { return ++reads; } } }))).toContain('"v":1');
    expect(reads).toBe(1);
    const broken = echo({ much, in: [{ get v() { throw new Error('broken'); } }] });
    await expect(broken).rejects.toMatchObject({ code: 'ERR_DYNOBOT_UNCLONABLE', message: expect.stringContaining('arguments[0].in[0].v') as string });
  }
});

it.each([
  ['small data', []],
  ['large data', Array.from({ length: 300 }, (_, n) => n)],
])('reads a getter of %s once, also after large data, in arrays and at the top', async (_title, rest) => {
  for (const before of [[], Array.from({ length: 300 }, (_, n) => n)]) {
    let reads = 0;
    const get = (): number => ++reads;
    const first = Object.defineProperty([0, ...rest], 0, { get, enumerable: true });
    const second = Object.defineProperty(['$', 0, ...rest], 1, { get, enumerable: true });
    for (const value of [first, second, [first], { get 0() { return get(); }, rest }]) {
      await echo(before);
      reads = 0;
      expect(JSON.stringify(await echo(value))).toMatch(/^\[+(?:"\$",)?1[,\]]|^\{"0":1,/);
      expect(reads).toBe(1);
    }
  }
});

it('reads a getter of an argument once, though a later one needs more, and another getter sends something', async () => {
  let reads = 0;
  let inner: Promise<unknown> | undefined;
  const value = { get v() { return ++reads; } };
  const sending = { get v() { inner = echo([value]); return []; } };
  expect(await connection.services.flow.echo(value, sending)).toEqual({ v: 1 });
  expect(await inner).toEqual([{ v: 2 }]);
  expect(reads).toBe(2);
});

it('sends an object as it is, though it could not be sent to another session that had ended', async () => {
  const state = { n: 1, list: [1] };
  const leaving = await host.connect<{ flow: Flow }>({ reconnect: false });
  const left = new Promise((resolve) => leaving.once('close', resolve));
  const answer = connection.services.flow.ask(async () => {
    await left;
    return Object.assign(state, { n: 2 });
  });
  const lost = leaving.services.flow.ask(() => {
    void leaving.close();
    return state;
  });
  await expect(lost).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  expect(await answer).toEqual({ n: 2, list: [1] });
});

it.each([
  ['in the short way', 1],
  ['packed', [[]]],
])('keeps a function of a message (%s) in which a getter sends it in another, which is refused', async (_title, v) => {
  const fn = (): number => 42;
  const refused: Promise<unknown>[] = [];
  const sending = { get v() {
    for (const values of [[fn, new WeakMap()], [[fn, new WeakMap()]]]) refused.push(connection.services.flow.echo(...values).catch(({ code }: { code: string }) => code));
    return v;
  } };
  expect(await connection.services.flow.ask(fn, sending)).toBe(42);
  expect(await Promise.all(refused)).toEqual(['ERR_DYNOBOT_UNCLONABLE', 'ERR_DYNOBOT_UNCLONABLE']);
});

it('sends a long message before the release of what it mentions, by a getter in it', async () => {
  const { flow } = connection.services;
  const long = 'x'.repeat(20_000);
  const target = await flow.thing();
  await expect(target.length({ get v() { release(target as never); return long; } })).resolves.toBeUndefined();
  const mentioned = await flow.thing();
  const arrived = (await echo([mentioned, { get v() { release(mentioned as never); return long; } }])) as unknown[];
  expect(arrived[1]).toEqual({ v: long });
  // Another message in between goes out at once.
  const sent: Promise<unknown>[] = [];
  const between = await flow.thing();
  await echo([between, { get v() { release(between as never); sent.push(echo(long), echo(long)); return 1; } }]);
  expect(await Promise.all(sent)).toEqual([long, long]);
});

it('sends a buffer as it was when it was passed, however many are under way', async () => {
  const sizes = Array.from({ length: 60 }, (_, n) => ((n * 37) % 20) * 50_000 + n);
  const answers = sizes.map((size, n) => {
    const buffer = Buffer.alloc(size, n);
    const answer = echo(n % 3 === 0 ? [buffer, buffer.subarray(size >> 1)] : buffer);
    buffer.fill(255);
    return answer;
  });
  for (const [n, answer] of (await Promise.all(answers)).entries()) {
    const arrived = n % 3 === 0 ? Buffer.concat(answer as Buffer[]) : (answer as Buffer);
    expect(arrived.length).toBe(sizes[n]! + (n % 3 === 0 ? Math.ceil(sizes[n]! / 2) : 0));
    expect(arrived.every((byte) => byte === n)).toBe(true);
  }
});

it('asks nobody for a toJSON that does not cross', async () => {
  const hidden = { value: () => 'replaced', enumerable: false };
  expect(await echo(Object.defineProperty([1, 2], 'toJSON', hidden))).toEqual([1, 2]);
  expect(await echo([Object.defineProperty([1], 'toJSON', hidden)])).toEqual([[1]]);
  expect(await echo(Object.defineProperty({ a: 1 }, 'toJSON', hidden))).toEqual({ a: 1 });
  expect(await echo({ in: Object.defineProperty({ a: 1 }, 'toJSON', hidden) })).toEqual({ in: { a: 1 } });
});

it.each(['new Map([[1, { a: 1 }]])', 'new Set([[1]])', 'new Date(7)', '/x/gi', 'new ArrayBuffer(3)', '[{ a: [1] }]', '({ a: 1 })'])('copies %s of another realm', async (source) => {
  expect(await echo(vm.runInNewContext(source))).toEqual(vm.runInThisContext(source));
});

it('copies errors of another realm, and stands in for promises of it', async () => {
  const arrived = (await echo(vm.runInNewContext('class Own extends RangeError {}; Object.assign(new Own("far"), { code: 7 })'))) as RangeError & { code: number };
  expect(arrived).toBeInstanceOf(RangeError);
  expect([arrived.constructor.name, arrived.message, arrived.code]).toEqual(['Own', 'far', 7]);
  expect((await echo(vm.runInNewContext('new TypeError("plain")'))) as Error).toBeInstanceOf(TypeError);
  const { later } = (await echo({ later: vm.runInNewContext('Promise.resolve(5)') as Promise<number> })) as { later: Promise<number> };
  expect(await later).toBe(5);
});

it('nests maps and sets as deep as arrays', async () => {
  let deep: unknown = 'bottom';
  for (let i = 0; i < 490; i++) deep = i % 2 === 0 ? new Map([[i, deep]]) : new Set([deep]);
  expect(await echo(deep)).toEqual(deep);
});

it('lets go of a promise that nobody waits for, though it never settles', async () => {
  await echo({ later: new Promise(() => {}) });
});

it('keeps a promise that somebody waits for', async () => {
  const heard: unknown[] = [];
  await (async () => {
    const { later } = (await echo({ later: new Promise((resolve) => setTimeout(resolve, 300, 'late')) })) as { later: Promise<unknown> };
    later.then((value) => heard.push(value)).catch(() => {});
  })();
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual(['late']);
});
