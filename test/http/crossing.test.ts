import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess, NOTHING } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { play, request } from './raw-client.js';

const CLOSE = { headers: ['Connection: close'] };

it('requests and responses are the same ones in whatever event, order and place they cross', async () => {
  const host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url));
  const port = await host.ask<number>('port');
  const handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name, OTHERWISE: '1' });
  await eventually('listeners', () => host.ask('listeners', 'alone'), 1);
  await host.ask('emitOtherwise');
  const get = (path: string): Promise<string> => play(port, [request(`GET ${path}`, CLOSE)]);
  // The first message brings the ends of the session along.
  for (let i = 0; i < 2; i++) {
    expect(await get('/swapped')).toMatch(/\nswapped true \/swapped$/);
    expect(await get('/twice')).toMatch(/\ntwice true true true$/);
    expect(await get('/within')).toMatch(/\nwithin true true true$/);
    expect(await play(port, [request('GET /who', { headers: ['Connection: Upgrade', 'Upgrade: x'] })])).toMatch(/\nhandler$/);
  }
  const answer = get('/alone');
  await eventually('requests', async () => (await handler.ask<string[]>('requests')).includes('/alone'), true);
  await host.ask('emitAlone');
  expect(await answer).toMatch(/\nalone \/alone$/);
  expect([await host.ask('errors'), await handler.ask('errors')]).toEqual([[], []]);
  await handler.ask('close');
  await eventually('tables', () => handler.ask('tables'), NOTHING);
  await handler.stop();
  await host.stop();
});
