import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';

let host: HostProcess;
let handler: TestProcess;
let url: string;
const clients: Socket[] = [];

const startHandler = (): Promise<TestProcess> => TestProcess.start(new URL('fixtures/socket-io-handler.ts', import.meta.url), { TEST_HOST: host.name });

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/socket-io-host.ts', import.meta.url));
  handler = await startHandler();
  url = `http://127.0.0.1:${await host.ask('port')}`;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await eventually('clients', () => handler.ask('clients'), 0);
});
afterAll(async () => {
  await handler.stop();
  await host.isClean();
  await eventually('connections', () => host.ask('left'), 0);
  expect(await host.ask('errors')).toEqual([]);
  await host.stop();
});

async function join(transports: ('polling' | 'websocket')[]): Promise<Socket> {
  const client = io(url, { transports, reconnectionDelay: 50, forceNew: true });
  clients.push(client);
  await new Promise<void>((resolve) => client.once('connect', resolve));
  return client;
}

describe('Socket.IO in another process than the server', () => {
  it.each([[['polling'], 'polling'], [['websocket'], 'websocket'], [['polling', 'websocket'], 'websocket']] as const)('speaks over %j', async (transports, at) => {
    const client = await join([...transports]);
    await eventually('the transport', () => handler.ask('transports'), [at]);
    const sent = ['text', 5, null, { nested: [Buffer.from([1, 2, 255])] }, Buffer.alloc(200_000, 7)];
    expect(await client.emitWithAck('echo', ...sent)).toEqual(sent[0]);
    const bytes = await new Promise((resolve) => client.emit('echo', 'x', sent[4], (_: string, back: Buffer) => resolve(back)));
    expect(Buffer.compare(bytes as Buffer, sent[4] as Buffer)).toBe(0);
  });

  it('tells a room', async () => {
    const all = [await join(['websocket']), await join(['polling']), await join(['websocket'])];
    const told = all.map((client) => once(client as never, 'told'));
    all[0]!.emit('tell all', { to: 'everybody' });
    expect(await Promise.all(told)).toEqual([[{ to: 'everybody' }], [{ to: 'everybody' }], [{ to: 'everybody' }]]);
  });

  it('closes, and its clients connect again to the next process when one is killed', async () => {
    const client = await join(['websocket']);
    const reason = new Promise((resolve) => client.once('disconnect', resolve));
    client.emit('leave');
    expect(await reason).toBe('io server disconnect');
    const other = await join(['websocket']);
    const [lost, again] = ['disconnect', 'connect'].map((event) => new Promise((resolve) => other.once(event as never, resolve as never)));
    handler.kill();
    expect(await lost).toBe('transport close');
    handler = await startHandler();
    await again;
    expect(await other.emitWithAck('echo', 'still there')).toBe('still there');
  });
});
