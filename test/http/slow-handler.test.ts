import { Agent, request as get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';

it('requests that are dropped, since the handler reads too slowly (drop-oldest), get 503; the others are answered', async () => {
  const host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url), { SLOW: String(400_000) });
  const port = await host.ask<number>('port');
  const handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name });
  await eventually('listeners', () => host.ask('listeners', 'request'), 2);
  const agent = new Agent({ keepAlive: true });
  const ask = async (body?: string): Promise<number> => {
    const [response] = (await once(get({ port, path: '/who', agent, method: body === undefined ? 'GET' : 'POST', headers: { 'x-long': 'y'.repeat(4_000) } }).end(body), 'response')) as [IncomingMessage];
    await text(response);
    return response.statusCode!;
  };
  expect(await ask()).toBe(200);
  handler.kill('SIGSTOP');
  let refused = 0;
  const answers = Array.from({ length: 400 }, async (_, i) => {
    const status = await ask(i % 2 === 0 ? undefined : 'z'.repeat(i * 100));
    if (status === 503) refused++;
    return status;
  });
  await eventually('whether some are refused', () => refused > 10, true);
  handler.kill('SIGCONT');
  const statuses = await Promise.all(answers);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect(await ask()).toBe(200);
  agent.destroy();
  expect(await host.ask('errors')).toEqual([]);
  await handler.stop();
  await host.stop();
}, 30_000);
