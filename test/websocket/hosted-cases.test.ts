import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { cases } from './cases.js';
import type { Name } from './fixtures/servers.js';
import { play } from './raw-client.js';

let host: HostProcess;
let handler: TestProcess;
let ports: Record<'own' | 'hosted', Record<Name, number>>;

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/hosted-host.ts', import.meta.url));
  handler = await TestProcess.start(new URL('fixtures/hosted-handler.ts', import.meta.url), { TEST_HOST: host.name });
  ports = await host.ask('ports');
  await eventually('sessions', async () => (await host.sessions()).map(({ listeners }) => listeners), [4]);
});

afterAll(async () => {
  await eventually('connections', () => host.ask('left'), 0);
  await handler.stop();
  await host.isClean();
  expect(await host.ask('errors')).toEqual([]);
  expect(host.stderr).toBe('');
  await host.stop();
});

/** What the handler in that process saw of the connection that has just ended. */
async function seenBy(process: TestProcess): Promise<unknown> {
  await eventually('the end, as the handler sees it', () => process.ask('isOver'), true);
  return process.ask('seen');
}

describe('a hosted WebSocketServer, handled in another process, does what it does in one process', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const local = await play(one, ports.own[one.server]);
    const seenHere = await seenBy(host);
    const hosted = await play(one, ports.hosted[one.server]);
    expect(await seenBy(handler)).toEqual(seenHere);
    expect(hosted).toEqual(local);
  });
});
