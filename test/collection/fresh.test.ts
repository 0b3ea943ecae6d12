import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Client, HostFixture, SERVICES } from './processes.js';

const LONG = process.env['COLLECTION'] === 'long';
const COUNT = 200_000;
const MOST = 50_000;
const EMPTY_WITHIN = 10_000;

interface Load {
  direction: 'to the host' | 'to a client';
  kind: 'function' | 'object';
  /** Values a second; without it as fast as they go. */
  rate?: number;
  count?: number;
  clients?: number;
  /** Milliseconds of each ten in which the host works at something else. */
  busy?: number;
}

const SHORT_LOADS: Load[] = [
  { direction: 'to the host', kind: 'function', rate: 40_000 },
  { direction: 'to a client', kind: 'object' },
];

const LONG_LOADS: Load[] = [
  ...SHORT_LOADS,
  { direction: 'to the host', kind: 'function' },
  { direction: 'to the host', kind: 'object' },
  { direction: 'to a client', kind: 'function' },
  { direction: 'to the host', kind: 'function', rate: 20_000 },
  { direction: 'to the host', kind: 'object', rate: 20_000 },
  { direction: 'to a client', kind: 'function', rate: 20_000 },
  { direction: 'to a client', kind: 'object', rate: 20_000 },
  { direction: 'to the host', kind: 'function', rate: 2_000 },
  { direction: 'to a client', kind: 'function', rate: 2_000 },
  { direction: 'to the host', kind: 'function', busy: 7 },
  { direction: 'to the host', kind: 'function', rate: 20_000, busy: 5 },
  { direction: 'to the host', kind: 'function', clients: 4, count: 50_000 },
  { direction: 'to the host', kind: 'function', clients: 4, count: 50_000, rate: 5_000 },
  { direction: 'to a client', kind: 'object', clients: 4, count: 50_000 },
];

function title({ direction, kind, rate, count = COUNT, clients = 1, busy }: Load): string {
  return [
    `${count} fresh ${kind}s ${direction}`, rate === undefined ? 'as fast as they go' : `${rate} a second`,
    ...(clients > 1 ? [`${clients} clients`] : []), ...(busy === undefined ? [] : [`a host that is busy ${busy} ms of 10`]),
  ].join(', ');
}

/** Runs the load, and says when and how the tables were empty again. Nobody collects, nobody releases. */
async function run(host: HostFixture, clients: Client[], { direction, kind, rate, count = COUNT }: Load) {
  const question = direction === 'to the host' ? 'pass' : 'receive';
  // JSON has no Infinity: without a rate there is none.
  await Promise.all(clients.map((client) => client.ask(question, { kind, count, rate })));
  const took = await Promise.all(clients.map((client) => client.passed()));
  const empty = await Promise.all([
    host.holds({ imports: 0, exports: SERVICES * clients.length }, EMPTY_WITHIN),
    ...clients.map((client) => client.holds({ imports: SERVICES, exports: 0 }, EMPTY_WITHIN)),
  ]);
  return { seconds: Math.max(...took) / 1000, emptyAfter: Math.max(...empty) };
}

test.each((LONG ? LONG_LOADS : SHORT_LOADS).map((load) => ({ name: title(load), load })))('$name', { timeout: 200_000 }, async ({ name, load }) => {
  const host = await HostFixture.begin();
  const clients = await Promise.all(Array.from({ length: load.clients ?? 1 }, () => Client.of(host)));
  // What the first calls leave behind (compiled code, tables that keep their size) is not garbage of the others.
  await run(host, clients, { ...load, count: 20_000 });
  await Promise.all([host, ...clients].map((one) => one.ask('heap')));
  const before = await Promise.all([host, ...clients].map((one) => one.ask<number>('heap')));
  if (load.busy !== undefined) await host.ask('work', load.busy);
  const { seconds, emptyAfter } = await run(host, clients, load);
  await host.ask('work', 0);
  const most = await Promise.all([host, ...clients].map((one) => one.ask<{ exports: number; imports: number }>('most')));
  const after = await Promise.all([host, ...clients].map((one) => one.ask<number>('heap')));
  const heaps = after.map((bytes, i) => bytes / before[i]!);
  if (LONG) console.log(JSON.stringify({ name, seconds: Math.round(seconds * 10) / 10, emptyAfter: Math.round(emptyAfter), most, heaps: heaps.map((part) => Math.round(part * 100) / 100) }));
  expect(Math.max(...most.flatMap(({ exports, imports }) => [exports, imports]))).toBeLessThanOrEqual(MOST * (load.clients ?? 1));
  expect(Math.max(...heaps)).toBeLessThan(1.2);
  await eventually('the calls', async () => (await host.tables()).answers, 0);
  await host.end(...clients);
});
