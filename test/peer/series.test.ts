import type { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encoding } from '../../src/compact/encoder.js';
import { HEADER } from '../../src/compact/format.js';
import { LIMITS, type Connection } from '../../src/index.js';
import { encodeFrame } from '../../src/transports/frames.js';
import type { Packed } from '../../src/wire.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { ByHand } from './by-hand.js';
import { BURSTS, type Services } from './fixtures/series-host.js';

const SERIES = 17;

let host: HostProcess;

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/series-host.ts', import.meta.url));
});

afterAll(async () => {
  await host.isClean();
  expect(host.stderr).toBe('');
  await host.stop();
});

async function listening(...names: string[]): Promise<{ client: Connection<Services>; heard: unknown[][] }> {
  const client = await host.connect<Services>();
  const heard: unknown[][] = [];
  for (const name of names) client.services.emitter.on(name, function (this: EventEmitter, ...args: unknown[]) {
    expect(this).toBe(client.services.emitter);
    heard.push(names.length > 1 ? [name, ...args] : args);
  });
  await client.services.emitter.listenerCount(names[0]!);
  return { client, heard };
}

describe.each(Object.keys(BURSTS))('a burst of events with %s', (name) => {
  it.each([1, 2, 9, 10, 11, 30, 1000])('arrives as it was emitted (%i)', async (count) => {
    const { client, heard } = await listening('said');
    await host.ask('burst', name, count);
    await eventually('events', () => heard.length, count);
    const expected = Array.from({ length: count }, (_, at) => BURSTS[name]!(at));
    // Functions are others here.
    const plain = (args: unknown[]): unknown[] => args.map((arg) => (typeof arg === 'function' ? 'a function' : arg));
    expect(heard.map(plain)).toStrictEqual(expected.map(plain));
    await host.isClean(client);
  });
});

it('what is said in between stays in its place', async () => {
  const { client, heard } = await listening('said', 'also');
  client.services.other.on('said', (event: unknown) => heard.push(['other', event]));
  await client.services.other.listenerCount('said');
  await host.ask('between', 200);
  await eventually('events', () => heard.length, 216);
  const expected = Array.from({ length: 200 }, (_, at) => [
    ['said', { at }], ...(at % 25 === 10 ? [['other', { at }]] : []), ...(at % 25 === 20 ? [['also', { at }]] : []),
  ]).flat();
  expect(heard).toEqual(expected);
  await host.isClean(client);
});

it('each property is read once, and what is emitted by that comes before', async () => {
  const { client, heard } = await listening('said');
  await host.ask('within', 60);
  await eventually('events', () => heard.length, 66);
  expect(heard).toEqual(Array.from({ length: 60 }, (_, at) => [...(at % 10 === 9 ? [[{ at: -at }]] : []), [{ at, reads: 1 }]]).flat());
  await host.isClean(client);
});

it.each([1, 20])('what is said twice in one event is one object (%i events)', async (count) => {
  const { client, heard } = await listening('said');
  await host.ask('twice', count);
  await eventually('events', () => heard.length, count);
  expect(heard).toEqual(Array.from({ length: count }, (_, at) => [{ is: 'one' }, at, { is: 'one' }]));
  expect(heard.every(([first, , second]) => first === second)).toBe(true);
  await host.isClean(client);
});

it('what cannot be sent, while an event is read, takes no part in it', async () => {
  const { client, heard } = await listening('said');
  client.services.other.on('said', (event: unknown) => heard.push(['other', event]));
  await client.services.other.listenerCount('said');
  await host.ask('refused');
  await eventually('events', () => heard.length, 2);
  expect(heard).toEqual([['first'], [{ at: 'second' }]]);
  await host.isClean(client);
});

it('assignments one after the other are made in order, and each that fails is told', async () => {
  const client = await host.connect<Services>();
  const failures: unknown[] = [];
  client.on('error', (error) => failures.push((error as Error).message));
  for (let at = 0; at < 40; at++) (client.services.level as { current: unknown }).current = at % 20 === 19 ? 'refuse' : { at };
  expect(await client.services.level.current).toBe(38);
  expect(await host.ask('assigned')).toEqual(Array.from({ length: 40 }, (_, at) => ({ at })).filter(({ at }) => at % 20 !== 19));
  await eventually('failures', () => failures.length, 2);
  expect(failures).toEqual([expect.stringContaining('refused'), expect.stringContaining('refused')]);
  await host.isClean(client);
});

describe('on the wire', () => {
  async function byHand(): Promise<{ peer: ByHand; emitter: number; level: number }> {
    const { peer, ids } = await ByHand.greeted(host.name, 'by hand');
    const ends = { peer, emitter: ids.get('emitter')!, level: ids.get('level')! };
    peer.say([1, 0, ends.emitter, 1, 'on', ['said', ['$', 'F', 1]], 1], [1, 1, ends.emitter, 1, 'listenerCount', ['said'], 0]);
    await peer.hears(([verb, call]) => verb === 2 && call === 1);
    peer.received.length = 0;
    return ends;
  }

  const verbs = (peer: ByHand): unknown[] => peer.received.map(([verb]) => verb);

  async function isOver(peer: ByHand): Promise<void> {
    peer.end();
    await peer.ended();
    await eventually('sessions', async () => (await host.inspect()).sessions, []);
  }

  it.each([[8, 8, 0], [9, 1, 1], [100, 1, 1], [1000, 1, 5]])('%i events are %i calls and %i series', async (count, calls, series) => {
    const { peer } = await byHand();
    await host.ask('burst', 'like data', count);
    await eventually('messages', () => verbs(peer), [...Array.from({ length: calls }, () => 1), ...Array.from({ length: series }, () => SERIES)]);
    await isOver(peer);
  });

  const compact = (...values: Packed[]): Uint8Array => encodeFrame(encoding((encoder) => {
    for (const value of values) encoder.value(value);
    return encoder.finish(Infinity)!;
  }));

  it('carries out each call, the empty series too', async () => {
    const { peer, level } = await byHand();
    const before = (await host.ask<unknown[]>('assigned')).length;
    peer.raw(compact([1], [2], [{ three: 3 }]));
    peer.say([SERIES, level, 3, 'current']);
    peer.raw(compact());
    peer.say([SERIES, level, 3, 'current'], [1, 2, level, 2, 'current', [], 0]);
    expect(await peer.hears(([verb, call]) => verb === 2 && call === 2)).toEqual([2, 2, before + 3, 0]);
    expect((await host.ask<unknown[]>('assigned')).slice(before)).toEqual([1, 2, { three: 3 }]);
    await isOver(peer);
  });

  it.each<[string, Uint8Array | undefined, (level: number) => unknown[]]>([
    ['an attachment that is not there', undefined, (level) => [SERIES, level, 3, 'current']],
    ['an unknown target', compact([1]), () => [SERIES, 999, 3, 'current']],
    ['an unknown operation', compact([1]), (level) => [SERIES, level, 99, 'current']],
    ['a reserved name', compact([1]), (level) => [SERIES, level, 3, '__proto__']],
    ['arguments that are none', compact([1], 'text'), (level) => [SERIES, level, 3, 'current']],
    ['a receiver without a shape', compact([1]), (level) => [SERIES, level, 3, 'current', 7]],
    ['a receiver that is not there', compact([1]), (level) => [SERIES, level, 3, 'current', ['$', 'H', 999]]],
    ['broken bytes', encodeFrame(Uint8Array.of(9, 0, 0, 0, 17, 130)), (level) => [SERIES, level, 3, 'current']],
    ['no bytes', encodeFrame(Uint8Array.of()), (level) => [SERIES, level, 3, 'current']],
    ['more than can be nested', encodeFrame(nested(20_000)), (level) => [SERIES, level, 3, 'current']],
    ['more than is held', encodeFrame(codes(Array.from({ length: LIMITS.elements + 1 }, () => NONE))), (level) => [SERIES, level, 3, 'current']],
  ])('%s ends the session with a reason', async (_name, attachment, message) => {
    const { peer, level } = await byHand();
    const from = (await host.ended()).length;
    if (attachment !== undefined) peer.raw(attachment);
    peer.say(message(level));
    const { code } = await peer.ended();
    expect(code).toMatch(/^ERR_DYNOBOT_(PROTOCOL|LIMIT_)/);
    await eventually('ends', async () => (await host.ended()).slice(from).map(({ reason }) => reason), [code]);
  });
});

/** Codes of src/compact/format.ts: an array of no elements, and of one. */
const NONE = 16;
const ONE = 17;

function codes(all: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(HEADER + all.length);
  new DataView(bytes.buffer).setUint32(0, all.length, true);
  bytes.set(all, HEADER);
  return bytes;
}

function nested(levels: number): Uint8Array {
  return codes([...Array.from({ length: levels }, () => ONE), NONE]);
}
