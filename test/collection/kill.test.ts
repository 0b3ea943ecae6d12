import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Client, HostFixture } from './processes.js';

const LONG = process.env['COLLECTION'] === 'long';
const LISTENERS = 10_000;
const CALLS = 1_000;
const REFERENCES = 1_000;
const CLEAN_WITHIN = 100;
/** For one kill of a short run, on a machine that has other things to do. */
const PATIENT = 500;

interface Cleaned {
  pid: number;
  at: number;
  cleaned: Record<string, number>;
  left: Record<string, number>;
}

/** Kills a client that has much in the host. Returns how many milliseconds after the kill the host was clean. */
async function killOne(host: HostFixture, how: object): Promise<number> {
  const client = await Client.of(host);
  await client.ask('burden', { listeners: LISTENERS, calls: CALLS, references: REFERENCES, ...how });
  await host.ask('leavePending', CALLS);
  const killed = Date.now();
  client.kill();
  await client.exited;
  await eventually('the sessions of the host', () => host.ask('sessions'), 0);
  const one = (await host.ask<Cleaned[]>('cleaned')).find(({ pid }) => pid === client.pid)!;
  // Listeners and kept callbacks are references too.
  expect(one.cleaned).toEqual({ listeners: LISTENERS, calls: CALLS, answers: CALLS, exports: 4, imports: LISTENERS + REFERENCES });
  expect(one.left).toEqual({ exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0, attached: 0 });
  expect(await host.ask('listeners')).toBe(0);
  await host.ask('dropKept');
  return one.at - killed;
}

test.each([
  { title: 'on one event', how: { spread: false }, short: 4 },
  { title: 'on a thousand events', how: { spread: true }, short: 2 },
  { title: 'on a thousand events of an eventemitter3', how: { spread: true, three: true }, short: 2 },
  { title: 'on one event of an eventemitter3', how: { spread: false, three: true }, short: 2 },
])('SIGKILL of a client with 10,000 listeners $title', { timeout: 300_000 }, async ({ title, how, short }) => {
  const kills = LONG ? 100 : short;
  const host = await HostFixture.begin();
  const times: number[] = [];
  // What the first kills leave behind is compiled code, and tables that keep their size.
  while (times.length < Math.max(1, kills / 5)) times.push(await killOne(host, how));
  const before = await host.ask<number>('heap');
  while (times.length < kills) times.push(await killOne(host, how));
  const after = await host.ask<number>('heap');
  const mean = times.reduce((sum, time) => sum + time, 0) / kills;
  if (LONG) console.log(JSON.stringify({ title, kills, slowest: Math.max(...times), mean: Math.round(mean), heap: { before, after } }));
  expect(Math.max(...times)).toBeLessThan(LONG ? CLEAN_WITHIN : PATIENT);
  expect(after).toBeLessThan(before * 1.2);
  await host.end();
});
