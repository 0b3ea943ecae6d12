import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { play, request } from './raw-client.js';

// A server whose parser takes longer heads than any session does.
let host: HostProcess;
let handler: TestProcess;
let port: number;

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url), { OPTIONS: JSON.stringify({ maxHeaderSize: 8_000_000 }) });
  port = await host.ask<number>('port');
  handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name, UPGRADES: '1' });
  await eventually('listeners', () => host.ask('listeners', 'connect'), 1);
});

/** The session of before is still there. */
afterEach(async () => {
  expect(await play(port, [request('GET /who', { headers: ['Connection: close'] })])).toMatch(/handler$/);
  expect(await host.sessions()).toHaveLength(1);
  expect(await host.ask('errors')).toEqual([]);
  expect(await handler.ask('errors')).toEqual([]);
  await handler.ask('requests');
});
afterAll(async () => {
  await handler.stop();
  await host.stop();
});

const LONG = 'a'.repeat(1024 * 1024);
const UPGRADE = ['Connection: Upgrade', 'Upgrade: x'];
const TRAILERS = { headers: ['Transfer-Encoding: chunked', 'Connection: close'], body: `0\r\nX-Long: ${LONG}\r\n\r\n` };
const TOO_LONG = /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n.*\r\nConnection: close\r\n.*too long\.\n/s;

it.each(Object.entries({
  'a header': request('GET /who', { headers: [`X-Long: ${LONG}`] }), 'an address': request(`GET /${LONG}`),
  'an upgrade': request('GET /who', { headers: [...UPGRADE, `X-Long: ${LONG}`] }), 'a CONNECT': request('CONNECT x:1', { headers: [`X-Long: ${LONG}`] }),
}))('is answered by the host, and no handler hears of it: %s', async (_, text) => {
  expect(await play(port, [text])).toMatch(TOO_LONG);
  expect(await handler.ask('requests')).toEqual([]);
});

it('just within the bound, it is the handler\'s', async () => {
  const around = request('GET /who', { headers: ['X-Long: ', 'Connection: close'] }).replace(/GET| HTTP\/1\.1|: |\r\n/g, '').length + 'GET'.length;
  const within = request('GET /who', { headers: [`X-Long: ${LONG.slice(around)}`, 'Connection: close'] });
  expect(await play(port, [within])).toMatch(/handler$/);
  expect(await play(port, [within.replace('X-Long', 'X-Longer')])).toMatch(TOO_LONG);
});

it('waits for the answers before it', async () => {
  const answers = await play(port, [request('GET /soon') + request('GET /who', { headers: [`X-Long: ${LONG}`] })]);
  expect(answers).toMatch(/^HTTP\/1\.1 200 OK.*handlerHTTP\/1\.1 431 /s);
});

it('long trailers end no session, whether they come with the head or behind it', async () => {
  expect(await play(port, [request('POST /who', TRAILERS)])).toMatch(/^HTTP\/1\.1 (431|200) /);
});
