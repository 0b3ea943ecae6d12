import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { request } from './raw-client.js';

const MIB = 1024 * 1024;
/** What the system may buffer of a connection, by far, and all of Node's and dynobot's own. */
const MOST = 24 * MIB;
/** So often the same is seen before it is believed to stay. */
const STILL = 20;

let host: HostProcess;
let handler: TestProcess;
let socket: Socket;

beforeEach(async () => {
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url));
  handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name });
  await eventually('listeners', () => host.ask('listeners', 'request'), 2);
  socket = dial(await host.ask<number>('port'), '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
});

afterEach(async () => {
  socket.destroy();
  await handler.stop();
  expect(await host.ask('errors')).toEqual([]);
  await host.stop();
});

/** Asks until the answer, which both processes have had the time to change, does not change any more. */
async function settled(ask: () => Promise<number>): Promise<number> {
  let last = await ask();
  for (let same = 0; same < STILL;) {
    await host.ask('port');
    const next = await ask();
    same = next === last && next > 0 ? same + 1 : 0;
    last = next;
  }
  return last;
}

it('a client that does not read stops the handler\'s writing, and starts it again', async () => {
  socket.pause();
  socket.write(request('GET /endless'));
  const sent = async (): Promise<number> => (await handler.ask<{ sent: number }>('flow')).sent;
  const before = await settled(sent);
  expect(before).toBeLessThan(MOST);
  expect(await handler.ask('flow')).toMatchObject({ waits: expect.toSatisfy((waits: number) => waits > 0) });
  let received = 0;
  const goal = before + 10 * MIB;
  socket.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
  await eventually('what the client got', () => received > goal, true);
  expect(await sent()).toBeGreaterThan(goal);
  socket.pause();
  await settled(sent);
});

it('a handler that does not read stops the client\'s sending, and starts it again', async () => {
  const size = 64 * MIB;
  socket.write(request('POST /ignore', { headers: [`Content-Length: ${size}`] }));
  const chunk = Buffer.alloc(MIB);
  for (let i = 0; i < size / MIB; i++) socket.write(chunk);
  const left = (): number => socket.bytesWritten - socket.writableLength;
  const before = await settled(() => Promise.resolve(left()));
  expect(before).toBeLessThan(MOST);
  await eventually('requests', () => handler.ask('requests'), ['/ignore']);
  await handler.ask('readOn');
  await eventually('what the handler got', () => handler.ask('read'), size);
});

it('what a handler was told to be written reaches the client, although the handler then destroys the connection', async () => {
  socket.pause();
  socket.write(request('GET /counted'));
  const sent = await settled(async () => (await handler.ask<{ sent: number }>('flow')).sent);
  await handler.ask('destroy');
  let received = 0;
  socket.on('data', (chunk: Buffer) => (received += chunk.length));
  // Both processes know of it before the client goes on.
  await settled(() => host.ask('port'));
  socket.resume();
  await once(socket, 'close');
  expect(received).toBeGreaterThan(sent);
});

it('a client that takes nothing of it does not keep a destroyed connection open', async () => {
  socket.pause();
  socket.write(request('GET /counted'));
  await settled(async () => (await handler.ask<{ sent: number }>('flow')).sent);
  await handler.ask('destroy');
  await eventually('connections', () => host.ask('connections'), 0);
});
