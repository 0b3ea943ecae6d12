import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { release } from '../../src/proxies/operations.js';
import { VERB } from '../../src/wire.js';
import { played, quiet, type End } from './played.js';

type Fn = (...args: unknown[]) => Promise<unknown>;

interface Remote {
  take(value: unknown): Promise<unknown>;
  give(): Promise<Fn>;
  giveTo(receiver: (value: Fn) => void): Promise<void>;
  isOriginal(value: unknown): Promise<boolean>;
}

const original = (value: unknown): unknown => value;
let finish: (value: unknown) => void;
const slow = (): Promise<unknown> => new Promise((resolve) => (finish = resolve));
let given: (...args: never[]) => unknown = original;
let receiver: Fn | undefined;

const service = Object.assign(Object.create({
  take: () => {},
  give: () => given,
  giveTo: (to: Fn) => void (receiver = to),
  isOriginal: (value: unknown) => value === original,
}) as object, {});

let host: End;
let client: End;
let remote: Remote;

beforeEach(async () => {
  given = original;
  [host, client] = await played(service);
  remote = client.services.get('service') as Remote;
});

/** The session is alive and holds the service alone; then it ends, and holds nothing. */
afterEach(async () => {
  await quiet();
  expect([host.reason, client.reason, host.failures, client.failures]).toEqual([undefined, undefined, [], []]);
  expect(host.peer.tables).toEqual({ exports: 1, imports: 0, calls: 0, answers: 0, listeners: 0 });
  expect(client.peer.tables).toEqual({ exports: 0, imports: 1, calls: 0, answers: 0, listeners: 0 });
  client.peer.end();
  await quiet();
  for (const { peer } of [host, client]) expect(peer.tables).toEqual({ exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0 });
});

/** Id, how many in a row, and how often each. */
const released = (end: End): number[][] => end.messages(VERB.release).map(([, ...runs]) => runs);

/** A client's handler that the host can send values to at any moment. */
async function listening(): Promise<{ received: Fn[]; stop: () => void }> {
  const received: Fn[] = [];
  await remote.giveTo((value) => void received.push(value));
  return { received, stop: () => host.weak.collect(receiver) };
}

describe('a function that was re-sent while its release was in flight', () => {
  test('stays', async () => {
    const { received, stop } = await listening();
    const first = await remote.give();
    client.gate.shut();
    client.weak.collect(first);
    await quiet();
    void receiver!(original);
    await quiet();
    client.gate.reopen();
    await quiet();
    expect(released(client)).toHaveLength(1);
    expect(received[0]).not.toBe(first);
    expect(await received[0]!('alive')).toBe('alive');
    client.weak.collect(received[0]);
    stop();
  });

  test('stays too if it was released by intention', async () => {
    const { received, stop } = await listening();
    const first = await remote.give();
    client.gate.shut();
    release(first);
    void receiver!(original);
    await quiet();
    client.gate.reopen();
    await quiet();
    expect(await received[0]!('alive')).toBe('alive');
    await expect(first('dead')).rejects.toMatchObject({ code: 'ERR_DYNOBOT_RELEASED' });
    release(received[0]!);
    stop();
  });
});

test('a proxy that died, but whose finalizer is pending, is replaced, and only its own receipts are given back', async () => {
  const first = await remote.give();
  expect(await remote.give()).toBe(first);
  client.weak.die(first);
  const second = await remote.give();
  expect(second).not.toBe(first);
  expect(client.peer.tables.imports).toBe(3);
  client.weak.finalize();
  await quiet();
  expect(released(client)).toEqual([[expect.any(Number), 1, 2]]);
  expect(await second('alive')).toBe('alive');
  client.weak.collect(second);
});

test('a proxy collected with its call in flight: the call is carried out, and answered', async () => {
  given = slow;
  const proxy = await remote.give();
  client.gate.shut();
  const answer = proxy();
  client.weak.collect(proxy);
  await quiet();
  client.gate.reopen();
  await quiet();
  expect(host.peer.tables).toMatchObject({ exports: 1, answers: 1 });
  finish('done');
  expect(await answer).toBe('done');
});

test('a proxy released with its call in flight: likewise', async () => {
  given = slow;
  const proxy = await remote.give();
  const answer = proxy();
  release(proxy);
  await quiet();
  finish('done');
  expect(await answer).toBe('done');
});

test('released and received again: a new proxy, and the old one stays released', async () => {
  const first = await remote.give();
  release(first);
  const second = await remote.give();
  expect(second).not.toBe(first);
  expect(await second(1)).toBe(1);
  await expect(first(1)).rejects.toMatchObject({ code: 'ERR_DYNOBOT_RELEASED' });
  // The old one is collected only now: it has nothing more to give back.
  client.weak.collect(first);
  expect(await second(2)).toBe(2);
  release(second);
});

test('released while it travels home: the original arrives', async () => {
  const proxy = await remote.give();
  client.gate.shut();
  const arrives = remote.isOriginal(proxy);
  release(proxy);
  client.weak.collect(proxy);
  await quiet();
  client.gate.reopen();
  expect(await arrives).toBe(true);
});

test('what was released does not travel any more, and nothing is sent', async () => {
  const proxy = await remote.give();
  release(proxy);
  await quiet();
  const sent = client.gate.sent.length;
  await expect(remote.isOriginal(proxy)).rejects.toMatchObject({ code: 'ERR_DYNOBOT_RELEASED' });
  expect(client.gate.sent).toHaveLength(sent);
});

test('released twice, and then collected: given back once', async () => {
  const proxy = await remote.give();
  release(proxy);
  release(proxy);
  (proxy as unknown as Disposable)[Symbol.dispose]();
  client.weak.collect(proxy);
  await quiet();
  expect(released(client)).toEqual([[expect.any(Number), 1, 1]]);
});

test('`using` gives back at the end of the block', async () => {
  {
    using proxy = (await remote.give()) as Fn & Disposable;
    expect(await proxy('used')).toBe('used');
    expect(host.peer.tables.exports).toBe(2);
  }
  await quiet();
  expect(host.peer.tables.exports).toBe(1);
});

test('sent ten times it arrives as one, and goes with one release', async () => {
  const proxies = await Promise.all(Array.from({ length: 10 }, () => remote.give()));
  expect(new Set(proxies).size).toBe(1);
  client.weak.collect(proxies[0]);
  await quiet();
  expect(released(client)).toEqual([[expect.any(Number), 1, 10]]);
});

test('collected by thousands, they are given back in one message', async () => {
  const fns = Array.from({ length: 5_000 }, (_, n) => () => n);
  given = () => fns;
  const make = await remote.give();
  const proxies = (await make()) as Fn[];
  expect(host.peer.tables.exports).toBe(5_002);
  for (const proxy of [make, ...proxies]) client.weak.die(proxy);
  client.weak.finalize();
  await quiet();
  expect(released(client)).toHaveLength(1);
});

test('a proxy is kept by a view of it with call options', async () => {
  const { within } = await import('../../src/proxies/operations.js');
  const proxy = await remote.give();
  const view = within(proxy, { signal: new AbortController().signal });
  expect(await view('seen')).toBe('seen');
  expect(await remote.isOriginal(view)).toBe(true);
  release(view);
  await expect(proxy()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_RELEASED' });
});

test('the side that pays asks the other to collect, once for each 10,000 more', async () => {
  const fns = Array.from({ length: 25_000 }, (_, n) => () => n);
  given = () => fns;
  const make = await remote.give();
  const proxies = (await make()) as Fn[];
  await quiet();
  expect(client.asked).toBe(2);
  expect(host.asked).toBe(0);
  for (const proxy of [make, ...proxies]) client.weak.die(proxy);
  client.weak.finalize();
});

test('a session that ends tells its finalizers nothing more', async () => {
  const [otherHost, otherClient] = await played(service);
  const proxy = await (otherClient.services.get('service') as Remote).give();
  otherHost.peer.end();
  await quiet();
  otherClient.weak.collect(proxy);
  release(proxy);
  await quiet();
  expect(otherClient.peer.tables.imports).toBe(0);
  expect(released(otherClient)).toEqual([]);
  await expect(proxy()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
});
