import { Agent, request as get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { play, request } from './raw-client.js';

let host: HostProcess;
let handlers: TestProcess[] = [];
let port: number;
let agent: Agent;

beforeEach(async () => {
  agent = new Agent({ keepAlive: true, maxSockets: 4 });
});

afterEach(async () => {
  agent.destroy();
  for (const handler of handlers) await handler.stop();
  handlers = [];
  expect(await host.ask('errors')).toEqual([]);
  await eventually('sessions', () => host.sessions(), []);
  await host.stop();
});

async function start(age?: number, env: Record<string, string> = {}): Promise<void> {
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url), { ...env, ...(age === undefined ? {} : { ROLE_AGE: String(age) }) });
  port = await host.ask<number>('port');
}

async function handle(who: string, env: Record<string, string> = {}): Promise<TestProcess> {
  const handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name, WHO: who, ROLE: 'web', ...env });
  handlers.push(handler);
  return handler;
}

async function ask(path: string, body?: string): Promise<{ status: number; body: string }> {
  const [response] = (await once(get({ port, path, agent, method: body === undefined ? 'GET' : 'POST' }).end(body), 'response')) as [IncomingMessage];
  return { status: response.statusCode!, body: await text(response) };
}

it('a request is parked while nobody is there, with its body, and answered by the next', async () => {
  await start();
  (await handle('a')).kill();
  await eventually('sessions', () => host.sessions(), []);
  const [who, up] = [ask('/who'), ask('/up', 'the body')];
  await eventually('connections', () => host.ask('connections'), 2);
  await handle('b');
  expect(await who).toEqual({ status: 200, body: 'b' });
  expect(JSON.parse((await up).body)).toMatchObject({ length: 8 });
});

it('and is answered with 503 when that takes too long', async () => {
  await start(100);
  (await handle('a')).kill();
  await eventually('sessions', () => host.sessions(), []);
  expect(await ask('/who')).toMatchObject({ status: 503 });
});

it('handlers take turns under load: no request fails, and what is in hand is finished by who has it', async () => {
  await start();
  await handle('a');
  // As most handlers, it returns nothing that could be waited for.
  const slow = ask('/hang');
  const replies: { status: number; body: string }[] = [];
  let over = false;
  const client = async (): Promise<void> => {
    while (!over) replies.push(await ask('/who'));
  };
  const clients = [client(), client(), client()];
  for (const who of ['b', 'c', 'd']) {
    await handle(who);
    if (who === 'b') await handlers[0]!.ask('answer', 'a, slowly');
  }
  over = true;
  await Promise.all(clients);
  expect(await slow).toEqual({ status: 200, body: 'a, slowly' });
  expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(replies.map(({ body }) => body)).size).toBeGreaterThan(2);
  expect(await host.ask<number>('opened')).toBeLessThanOrEqual(4);
});

it('a killed one leaves 502 to what it had in hand', async () => {
  await start();
  const a = await handle('a');
  const hanging = ask('/hang');
  await ask('/who');
  a.kill();
  expect(await hanging).toMatchObject({ status: 502 });
});

it.each([['one place', {}], ['several places that share', { SHARE: '1' }]])('a request is given to one process only, also with at-least-once: %s', async (_, env) => {
  await start(undefined, { ...env, REDELIVERY: 'at-least-once' });
  const a = await handle('a', { DYNOBOT_INSTANCE: '1' });
  const hanging = ask('/hang');
  expect(await ask('/answer-and-die')).toEqual({ status: 200, body: 'a' });
  expect(await hanging).toMatchObject({ status: 502 });
  await a.exited;
  const b = await handle('b', { DYNOBOT_INSTANCE: '2' });
  expect(await ask('/who')).toEqual({ status: 200, body: 'b' });
  expect(await b.ask('requests')).toEqual(['/who']);
});

it('an upgrade that nobody takes in time is refused', async () => {
  await start(100);
  (await handle('a', { UPGRADES: '1' })).kill();
  await eventually('sessions', () => host.sessions(), []);
  const upgrade = request('GET /', { headers: ['Connection: Upgrade', 'Upgrade: x'] });
  expect(await play(port, [upgrade])).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\n.*Retry-After: 1\r\n/s);
});
