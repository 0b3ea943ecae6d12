import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { play, request } from './raw-client.js';

const CLOSE = 'Connection: close';
const MANY = Array.from({ length: 900 }, (_, i) => `a${i}: 1`);
const UPGRADE = ['Connection: Upgrade', 'Upgrade: x'];

// The first message of a session about HTTP introduces its ends to each other: it must not be lost with a request.
it.each([['a listener', {}], ['a role', { ROLE: 'web' }]] as const)('a request that cannot be sent gets 502, the first one and any other, and the session goes on: %s', async (_, role) => {
  const host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url), { ELEMENTS: '1000', OPTIONS: JSON.stringify({ maxHeaderSize: 64_000 }) });
  const port = await host.ask<number>('port');
  const handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name, UPGRADES: '1', ...role });
  await eventually('listeners', () => host.ask('listeners', 'connect'), 1);
  for (let i = 0; i < 2; i++) {
    for (const headers of [[...MANY, CLOSE], [...MANY, ...UPGRADE]]) {
      expect(await play(port, [request('GET /who', { headers })])).toMatch(/^HTTP\/1\.1 502 .*could not\.\n/s);
    }
    expect(await play(port, [request('GET /who', { headers: [CLOSE] })])).toMatch(/^HTTP\/1\.1 200 .*handler$/s);
    expect(await play(port, [request('POST /up', { headers: [CLOSE], body: 'x'.repeat(200_000) })])).toMatch(/^HTTP\/1\.1 200 .*"length":200000/s);
    expect(await play(port, [request('GET /who', { headers: UPGRADE })])).toBe('upgraded by handler');
  }
  expect(await host.sessions()).toHaveLength(1);
  expect(await host.ask('errors')).toEqual(Array.from({ length: 4 }, () => expect.stringMatching(/^an event of .*limits\.elements/) as unknown));
  expect(await handler.ask('errors')).toEqual([]);
  await handler.stop();
  await host.stop();
});

it('of what is cut for a limit that is too low, the client is told, the process lives on, and other requests are answered', async () => {
  const env = { FRAME: '20000' };
  const host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url), env);
  const port = await host.ask<number>('port');
  const handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name, ...env });
  await eventually('listeners', () => host.ask('listeners', 'request'), 2);
  for (let i = 0; i < 2; i++) {
    expect(await play(port, [request('POST /ignore', { headers: [CLOSE], body: 'x'.repeat(200_000) })])).toMatch(/^HTTP\/1\.1 502 .*could not\.\n/s);
    expect(await play(port, [request('GET /much', { headers: [CLOSE] })])).toBe('');
    expect(await play(port, [request('GET /who', { headers: [CLOSE] })])).toMatch(/^HTTP\/1\.1 200 .*handler$/s);
  }
  expect(await host.sessions()).toHaveLength(1);
  const errors = await host.ask<string[]>('errors');
  expect(errors.length).toBeGreaterThanOrEqual(2);
  expect(errors).toEqual(errors.map(() => expect.stringMatching(/^a piece of a request of .*limits\.frame/) as unknown));
  expect(await handler.ask('errors')).toEqual(['ERR_DYNOBOT_LIMIT_FRAME', 'ERR_DYNOBOT_LIMIT_FRAME']);
  await handler.stop();
  await host.stop();
});
