import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { request } from './raw-client.js';

// The server itself, as a handler sees it.
let host: HostProcess;
let handler: TestProcess;
let port: number;

async function start(env: Record<string, string> = {}): Promise<void> {
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url), env);
  port = await host.ask<number>('port');
  handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name });
  await eventually('listeners', () => host.ask('listeners', 'request'), 2);
}

afterEach(async () => {
  await handler?.stop();
  expect(await host?.ask('errors')).toEqual([]);
  await host?.stop();
});

it('tells its address and counts its connections', async () => {
  await start();
  expect(await handler.ask('address')).toEqual({ address: '127.0.0.1', family: 'IPv4', port });
  const sockets = [dial(port, '127.0.0.1'), dial(port, '127.0.0.1')];
  await eventually('connections', () => handler.ask('connections'), 2);
  for (const socket of sockets) socket.destroy();
  await eventually('connections', () => handler.ask('connections'), 0);
});

it('is closed by a handler, which hears of it', async () => {
  await start();
  await handler.ask('closeServer');
  await eventually('what was seen', () => handler.ask('closed'), ['callback', 'close']);
  const refused = dial(port, '127.0.0.1');
  await expect(once(refused, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('has its timeouts handled elsewhere: then it is up to the handler what becomes of the connection', async () => {
  await start();
  await handler.ask('answerTimeouts');
  await eventually('listeners', () => host.ask('listeners', 'timeout'), 1);
  await host.ask('setTimeout', 50);
  const socket = dial(port, '127.0.0.1');
  socket.write(request('GET /hang'));
  expect(await text(socket)).toBe('HTTP/1.1 408 Too Slow\r\nConnection: close\r\n\r\n');
});

it('has its events of other kinds heard as they were emitted', async () => {
  await start();
  await handler.ask('watchStats');
  await handler.ask('settled');
  await host.ask('stats', 3);
  await eventually('what was seen', () => handler.ask('seen'), ['stats 1', 'stats 2', 'stats 3']);
});

it('tells of connections before there is a request', async () => {
  await start();
  const before = await host.ask<number>('listeners', 'connection');
  await handler.ask('watchConnections');
  await eventually('listeners', () => host.ask('listeners', 'connection'), before + 1);
  const socket = dial(port, '127.0.0.1');
  await once(socket, 'connect');
  await eventually('what was seen', () => handler.ask('seen'), [`connection from 127.0.0.1:${socket.localPort}`]);
  socket.destroy();
});
