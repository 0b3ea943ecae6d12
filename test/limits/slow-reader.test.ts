import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import type { Connection, HostOptions } from '../../src/index.js';
import { connect } from '../../src/index.js';
import { addressOf } from '../../src/transports/address.js';
import { SocketTransport } from '../../src/transports/socket.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/limited-host.js';

const HOST = new URL('fixtures/limited-host.ts', import.meta.url);
const QUEUE = 1024 * 1024;

let host: HostProcess;
let neighbour: Connection<Services>;
let slow: Connection<Services>;
let socket: Socket;

/** A client whose socket can be told to read nothing. */
async function begin(options: Pick<HostOptions, 'slowReader'>): Promise<void> {
  host = await HostProcess.start(HOST, { TEST_OPTIONS: JSON.stringify({ ...options, limits: { queue: QUEUE } } satisfies HostOptions) });
  neighbour = await host.connect<Services>({ name: 'neighbour' });
  socket = createConnection(addressOf(host.name).path);
  await once(socket, 'connect');
  slow = await connect<Services>(new SocketTransport(socket), { name: 'slow' });
  slow.on('close', () => {});
}

afterEach(async () => {
  expect(await neighbour.services.work.echo('still there')).toBe('still there');
  await host.isClean(neighbour, slow);
  expect(host.stderr).toBe('');
  await host.stop();
});

it('is disconnected by default, and leaves nothing attached', async () => {
  await begin({});
  slow.services.emitter.on('tick', () => {});
  await slow.services.work.echo(0);
  socket.pause();
  await host.ask('emit', 3_000, 1_000);
  await eventually('the end', async () => (await host.ended()).map(({ client, reason }) => [client, reason]), [['slow', 'ERR_DYNOBOT_LIMIT_QUEUE']]);
  expect(await host.ask('listeners')).toBe(0);
  socket.resume();
});

it.each(['emit', 'emitObjects'])('loses the oldest events by drop-oldest, and is told how many (%s)', async (emit) => {
  await begin({ slowReader: 'drop-oldest' });
  const heard: (number | string)[] = [];
  let gaps = 0;
  slow.services.emitter.on('tick', (i: number) => heard.push(i));
  slow.on('gap', ({ total }) => {
    gaps += total;
    heard.push(`gap of ${total}`);
  });
  await slow.services.work.echo(0);
  socket.pause();
  await host.ask(emit, 5_000, 1_000);
  const answer = slow.services.work.echo('an answer is never dropped');
  socket.resume();
  expect(await answer).toBe('an answer is never dropped');
  const numbers = heard.filter((one) => typeof one === 'number');
  expect(gaps).toBeGreaterThan(1_000);
  expect(numbers.length + gaps).toBe(5_000);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(numbers.at(-1)).toBe(4_999);
  // The gap stands where the events would have been.
  const at = heard.findIndex((one) => typeof one === 'string');
  expect((heard[at + 1] as number) - (heard[at - 1] as number) - 1).toBe(gaps);
  const [session] = (await host.inspect()).sessions.filter(({ client }) => client === 'slow');
  expect(session!.dropped).toBe(gaps);
});

it('is told of what was released after all that refers to it', async () => {
  await begin({ slowReader: 'drop-oldest' });
  let heard = 0;
  const listener = (): void => void heard++;
  slow.services.emitter.on('tick', listener);
  await slow.services.work.echo(0);
  socket.pause();
  await host.ask('emit', 5_000, 1_000);
  slow.services.emitter.off('tick', listener);
  await eventually('what the host holds of it', async () => {
    await host.ask('collect');
    return (await host.inspect()).sessions.find(({ client }) => client === 'slow')?.imports;
  }, 0);
  socket.resume();
  expect(await slow.services.work.echo('here')).toBe('here');
});

it('makes what it listens to pause, by pause, and go on once it has read', async () => {
  await begin({ slowReader: 'pause' });
  slow.services.source.on('tick', () => {});
  await slow.services.work.echo(0);
  socket.pause();
  await host.ask('emitSource', 950, 1_000);
  await eventually('the source', () => host.ask('source'), { paused: 1, resumed: 0 });
  socket.resume();
  await eventually('the source', () => host.ask('source'), { paused: 1, resumed: 1 });
  expect(await slow.services.work.echo('here')).toBe('here');
});

it('is served nevertheless if what it listens to cannot pause; that is told once', async () => {
  await begin({ slowReader: 'pause' });
  const heard = { stubborn: 0, unreadable: 0 };
  for (const name of ['stubborn', 'unreadable'] as const) slow.services[name].on('tick', () => heard[name]++);
  await slow.services.work.echo(0);
  socket.pause();
  await host.ask('emitUnpausable', 450, 1_000);
  socket.resume();
  await eventually('events', () => heard, { stubborn: 450, unreadable: 450 });
  await eventually('errors', async () => (await host.ask<string[]>('errors')).map((error) => error.replace(/.*: Error: /, '')).sort(), [
    'it cannot pause', 'it cannot resume', 'nobody knows whether it can pause',
  ]);
});
