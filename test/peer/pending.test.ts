import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { HostProcess, NOTHING } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import type { Services } from './fixtures/victim-host.js';

let host: HostProcess;

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/victim-host.ts', import.meta.url));
});

afterAll(async () => {
  expect(host.stderr).toBe('');
  await host.stop();
});

const LOST = 'ERR_DYNOBOT_DISCONNECTED';

describe.each(['close', 'exit', 'throw', 'SIGKILL'] as const)('a client that ends by %s', (how) => {
  it('settles whatever the host waits for, and the host lives on', async () => {
    const before = (await host.ask<string[]>('outcomes')).length;
    const ends = (await host.ended()).length;
    const client = await TestProcess.start(new URL('fixtures/lender.ts', import.meta.url), { TEST_HOST: host.name });
    await client.ask('lend');
    await eventually('what is open', async () => (await host.sessions()).map(({ answers, listeners }) => [answers, listeners]), [[1, 1]]);
    expect((await host.sessions())[0]!.calls).toBeGreaterThanOrEqual(6);
    if (how === 'SIGKILL') client.kill();
    else await client.ask(how);
    await eventually('outcomes', async () => (await host.ask<string[]>('outcomes')).slice(before).sort(), ['callback', 'iterator', 'later', 'web'].map((what) => `${what}: ${LOST}`));
    const { cleaned, reason } = (await host.ended())[ends]!;
    expect([cleaned.answers, cleaned.listeners, reason]).toEqual([1, 1, how === 'close' ? undefined : LOST]);
    // What the host has kept of the client is dead, and does no harm.
    await host.ask('useKept');
    expect([await host.sessions(), await host.ask('attached'), await host.ask('errors')]).toEqual([[], 0, []]);
    await client.stop();
  });
});

describe.each(['close', 'SIGKILL'] as const)('a host that ends by %s', (how) => {
  it('settles whatever its client waits for', async () => {
    const mortal = await HostProcess.start(new URL('fixtures/victim-host.ts', import.meta.url));
    const connection: Connection<Services> = await mortal.connect<Services>({ reconnect: false });
    const closed = new Promise<unknown>((resolve) => connection.once('close', resolve));
    const { target, emitter } = connection.services;
    emitter.on('x', () => {});
    const pending = [target.hang(), target.hang()].map((call) => call.catch((error: { code: string }) => error.code));
    await connection.inspect();
    if (how === 'SIGKILL') mortal.kill();
    else await mortal.ask('close');
    expect(await Promise.all(pending)).toEqual([LOST, LOST]);
    expect(await closed).toEqual(how === 'close' ? undefined : expect.objectContaining({ code: LOST }));
    expect(connection.tables).toEqual(NOTHING);
    await expect(target.echo(1)).rejects.toMatchObject({ code: LOST });
    expect(await connection.close()).toBeUndefined();
    await mortal.stop();
  });
});
