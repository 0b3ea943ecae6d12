import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { NONE, type Counts } from './fixtures/emitters.js';
import { EMITTERS_HOST, startClient } from './setup.js';

let host: HostProcess;

beforeAll(async () => {
  host = await HostProcess.start(EMITTERS_HOST);
});

afterEach(async () => {
  await eventually('what is attached', () => host.ask<Counts>('counts'), NONE);
  await eventually('sessions', () => host.sessions(), []);
});

afterAll(async () => {
  expect(host.isRunning).toBe(true);
  expect(await host.ask('errors')).toEqual([]);
  expect(host.stderr).toBe('');
  await host.stop();
});

describe.each(['close', 'exit', 'throw', 'SIGKILL'] as const)('a session that ends by %s', (how) => {
  it('leaves nothing attached', async () => {
    const client = await startClient(host, how);
    const attached = await client.ask('attach');
    expect((await host.sessions())[0]!.listeners).toBe(attached);
    await host.ask('emitNode', 'a', 'still there');
    if (how === 'SIGKILL') client.kill();
    else await client.ask(how);
    await eventually('the end', async () => (await host.ended()).some(({ client: name }) => name === how), true);
    const { reason, cleaned } = (await host.ended()).find(({ client: name }) => name === how)!;
    expect([reason, cleaned.listeners]).toEqual([how === 'close' ? undefined : 'ERR_DYNOBOT_DISCONNECTED', attached]);
    await client.stop();
  });
});

describe('a handler that throws', () => {
  it.each([['throwLater', 'the handler failed'], ['rejectLater', 'the async handler failed']])('ends its own process, not the host (%s)', async (question, message) => {
    const client = await startClient(host);
    await client.ask(question);
    await host.ask('emitNode', 'throw');
    expect((await client.exited).code).not.toBe(0);
    expect(client.stderr).toContain(message);
  });
});
