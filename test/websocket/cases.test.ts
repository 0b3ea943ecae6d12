import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { cases, mixed } from './cases.js';
import type { Name } from './fixtures/servers.js';
import { play } from './raw-client.js';

const fixture = (name: string): URL => new URL(`fixtures/${name}.ts`, import.meta.url);

describe.each([
  ['a hosted WebSocketServer, handled in another process', 'hosted', [4], cases],
  ['a WebSocketServer in another process than its http.Server', 'upgrade', [12], [...cases, ...mixed]],
])('%s, does what it does in one process', (_, kind, listeners, played) => {
  let host: HostProcess;
  let handler: TestProcess;
  let ports: Record<'own' | 'hosted', Record<Name, number>>;

  beforeAll(async () => {
    host = await HostProcess.start(fixture(`${kind}-host`));
    handler = await TestProcess.start(fixture(`${kind}-handler`), { TEST_HOST: host.name });
    ports = await host.ask('ports');
    await eventually('listeners', async () => (await host.sessions()).map((session) => session.listeners), listeners);
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

  it.each(played.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const local = await play(one, ports.own[one.server]);
    const seenHere = await seenBy(host);
    const remote = await play(one, ports.hosted[one.server]);
    expect(await seenBy(handler)).toEqual(seenHere);
    expect(remote).toEqual(local);
  });
});
