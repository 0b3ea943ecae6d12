import { afterEach, beforeEach, expect, it } from 'vitest';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { connect, type Connection } from '../../src/index.js';
import { addressOf } from '../../src/transports/address.js';
import { SocketTransport } from '../../src/transports/socket.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/limited-host.js';

let host: HostProcess;
let client: Connection<Services>;
let closed: unknown[];
let warned = false;

beforeEach(async () => {
  host = await HostProcess.start(new URL('fixtures/limited-host.ts', import.meta.url), { TEST_OPTIONS: JSON.stringify({ slowReader: 'drop-oldest', limits: { queue: 1024 * 1024 } }) });
  client = await host.connect<Services>({ reconnect: false });
  closed = [];
  client.on('close', (reason) => closed.push(reason));
});

afterEach(async () => {
  if (!warned) expect(host.stderr).toBe('');
  warned = false;
  expect(client.tables).toEqual({ exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0 });
  await host.stop();
});

it('finishes what has begun, takes nothing new, and ends in order', async () => {
  client.services.emitter.on('tick', () => {});
  const begun = client.services.work.slow(300);
  await client.services.work.echo(0);
  const finished = host.ask<number>('finish');
  await expect.poll(() => connect(host.name).catch((error: { code: string }) => error.code)).toBe('ERR_DYNOBOT_NO_HOST');
  await expect(client.services.work.echo(1)).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  expect(await begun).toBe('done');
  expect(await finished).toBeLessThan(1_500);
  expect(closed).toEqual([undefined]);
  expect(await host.ask('listeners')).toBe(0);
});

it('cuts off what is not finished by the deadline', async () => {
  const hanging = client.services.work.hang();
  const outcome = expect(hanging).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  await client.services.work.echo(0);
  const took = await host.ask<number>('finish', 300);
  expect(took).toBeGreaterThan(250);
  expect(took).toBeLessThan(1_500);
  await outcome;
});

it.each([5_000, 0])('sends what waits for a slow reader, in order, before its end (deadline of %i ms)', async (deadline) => {
  const socket = createConnection(addressOf(host.name).path);
  await once(socket, 'connect');
  const slow = await connect<Services>(new SocketTransport(socket), { name: 'slow' });
  const ends: unknown[] = [];
  slow.on('close', (reason) => ends.push(reason));
  let [heard, missed] = [0, 0];
  const listener = (): void => void heard++;
  slow.on('gap', ({ total }) => (missed += total));
  slow.services.emitter.on('tick', listener);
  await slow.services.work.echo(0);
  socket.pause();
  await host.ask('emit', 5_000, 1_000);
  const answer = slow.services.work.echo('held');
  slow.services.emitter.off('tick', listener);
  await eventually('listeners', () => host.ask('listeners'), 0);
  const finished = host.ask<number>('finish', deadline);
  await expect.poll(() => connect(host.name).catch((error: { code: string }) => error.code)).toBe('ERR_DYNOBOT_NO_HOST');
  socket.resume();
  expect(await answer).toBe('held');
  await finished;
  await eventually('the end', () => ends, [undefined]);
  expect(missed).toBeGreaterThan(1_000);
  expect(slow.tables).toEqual({ exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0 });
});

it.each([300, 0])('waits no longer for a slow reader than the deadline (%i ms)', async (deadline) => {
  const socket = createConnection(addressOf(host.name).path);
  await once(socket, 'connect');
  const slow = await connect<Services>(new SocketTransport(socket), { name: 'slow' });
  slow.on('close', () => {});
  slow.services.emitter.on('tick', () => {});
  await slow.services.work.echo(0);
  socket.pause();
  await host.ask('emit', 5_000, 1_000);
  const took = await host.ask<number>('finish', deadline);
  expect(took).toBeGreaterThan(deadline - 50);
  expect(took).toBeLessThan(deadline + 1_200);
  socket.resume();
  await slow.close();
});

it('waits for nothing with a deadline of 0', async () => {
  const outcome = expect(client.services.work.hang()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  await client.services.work.echo(0);
  await host.ask('finish', 0);
  await outcome;
});

it.each([['throwIn', 'thrown'], ['rejectIn', 'rejected']])('tells what a listener of the host throws once, and lives on (%s)', async (fail, how) => {
  await host.ask(fail, 'connect');
  const another = await host.connect<Services>();
  expect(await another.services.work.echo(1)).toBe(1);
  const told = [`a listener for connect: Error: ${how} by a listener for connect`];
  await eventually('errors', () => host.ask('errors'), told);
  // What one for errors fails with is a warning: it would be told to itself.
  await host.ask(fail, 'error');
  await another.services.work.ignore(() => { throw new Error('nobody looks'); });
  await eventually('warnings', () => host.ask('warnings'), [`DynobotWarning: a listener for error: ${how} by a listener for error`]);
  expect(await host.ask('errors')).toHaveLength(2);
  warned = true;
  await another.close();
  await client.close();
});

it('tells once that share.by is async, and gives the event to somebody', async () => {
  const worker = await host.connect<Services>({ role: 'job', reconnect: false });
  const heard: unknown[] = [];
  worker.services.emitter.on('tick', (i: number) => heard.push(i));
  await worker.ready();
  await host.ask('emit', 1, 1);
  await eventually('events', () => heard, [0]);
  expect(await host.ask('errors')).toEqual(['share.by of the role job: TypeError: it must not be async']);
  expect(await host.ask('warnings')).toEqual([]);
  await worker.close();
  await client.close();
});
