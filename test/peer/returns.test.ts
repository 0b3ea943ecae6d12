import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { ByHand } from './by-hand.js';
import type { emitter } from './fixtures/returns-host.js';

const RETURN = 2;
const THROW = 3;
const RETURNS = 18;

let host: HostProcess;

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/returns-host.ts', import.meta.url));
});

afterAll(async () => {
  await host.isClean();
  expect(host.stderr).toBe('');
  await host.stop();
});

/** Makes these calls in one frame. Returns what was answered, up to the last of them. */
async function answers(...calls: [call: number, method: string][]): Promise<unknown[][]> {
  const { peer, ids } = await ByHand.greeted(host.name, 'by hand');
  peer.received.length = 0;
  peer.say(...calls.map(([call, method]) => [1, call, ids.get('emitter'), 1, method, [], 0]));
  const open = new Set(calls.map(([call]) => call));
  await eventually('open calls', () => {
    for (const [verb, first, count] of peer.received) for (let i = 0; i < (verb === RETURNS ? (count as number) : 1); i++) open.delete((first as number) + i);
    return open.size;
  }, 0);
  peer.end();
  await peer.ended();
  await eventually('sessions', async () => (await host.inspect()).sessions, []);
  return peer.received.filter(([verb]) => [RETURN, THROW, RETURNS].includes(verb as number)).map(([verb, ...rest]) => (verb === THROW ? [verb, rest[0]] : [verb, ...rest]));
}

const row = (first: number, count: number): [number, string][] => Array.from({ length: count }, (_, i) => [first + i, 'nothing']);

it('answers calls in a row that return nothing by one message', async () => {
  expect(await answers(...row(1, 1))).toEqual([[RETURN, 1]]);
  expect(await answers(...row(7, 2))).toEqual([[RETURNS, 7, 2]]);
  expect(await answers(...row(1, 100))).toEqual([[RETURNS, 1, 100]]);
});

it('lets many go at once', async () => {
  expect(await answers(...row(1, 600))).toEqual([[RETURNS, 1, 256], [RETURNS, 257, 256], [RETURNS, 513, 88]]);
});

it('keeps the order of what is answered otherwise', async () => {
  expect(await answers([1, 'nothing'], [2, 'one'], [3, 'nothing'], [4, 'nothing'], [5, 'fails'], [6, 'nothing'])).toEqual([
    [RETURN, 1], [RETURN, 2, 1, 0], [RETURNS, 3, 2], [THROW, 5], [RETURN, 6],
  ]);
});

it('numbers that do not follow one another are answered one by one', async () => {
  expect(await answers([9, 'nothing'], [7, 'nothing'], [8, 'nothing'], [10, 'nothing'], [12, 'nothing'])).toEqual([
    [RETURN, 9], [RETURNS, 7, 2], [RETURN, 10], [RETURN, 12],
  ]);
});

it('what comes later is answered later, and takes its place in another row', async () => {
  expect(await answers([1, 'later'], [2, 'nothing'], [3, 'nothing'], [4, 'later'])).toEqual([[RETURNS, 2, 2], [RETURN, 1], [RETURN, 4]]);
});

it('each caller gets its own answer', async () => {
  const client = await host.connect<{ emitter: typeof emitter }>();
  const { emitter: remote } = client.services;
  const made = Array.from({ length: 1000 }, (_, i) => (i % 7 === 3 ? remote.one() : i % 11 === 5 ? remote.fails().catch((error: unknown) => (error as Error).message) : i % 5 === 2 ? remote.later() : remote.nothing()));
  expect(await Promise.all(made)).toEqual(made.map((_, i) => (i % 7 === 3 ? 1 : i % 11 === 5 ? 'no' : undefined)));
  await host.isClean(client);
});
