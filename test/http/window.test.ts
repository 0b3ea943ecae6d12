import { connect as dial, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ByHand } from '../peer/by-hand.js';
import { HostProcess } from '../support/host-process.js';
import { request } from './raw-client.js';

// A handler that does not wait, and a client of the server's that does not read.
let host: HostProcess;
let reader: Socket;

afterEach(async () => {
  reader.destroy();
  ByHand.destroyAll();
  expect(await host.ask('errors')).toEqual([expect.stringContaining('does not wait until what it sends is taken')]);
  await host.stop();
});

const PIECE = 'x'.repeat(60_000);

/** A handler by hand that has got a request, or an upgrade; `say` calls a method of the host's gateway. */
async function handling(event: string, text: string): Promise<{ peer: ByHand; number: number; socket: number; say: (method: string, ...args: unknown[]) => void }> {
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url));
  const peer = await ByHand.connect(host.name);
  peer.say([0, 'dynobot', 1, { name: 'hostile', pid: 1, services: 0 }]);
  const [, , web] = await peer.hears(([verb, name]) => verb === 8 && name === 'web');
  peer.say([7, 1, { parent: 0, name: 'B', base: '', methods: [], accessors: [], listening: [], iterable: false }]);
  peer.say([1, 1, (web as unknown[])[2], 1, 'on', [event, ['$', 'F', 1, 2, 'f']], 1]);
  await peer.hears(([verb, call]) => verb === 2 && call === 1);
  reader = dial(await host.ask<number>('port'), '127.0.0.1').on('error', () => {});
  reader.pause().write(text);
  const message = await peer.hears((heard) => JSON.stringify(heard).includes('HttpRequest'));
  const args = message.find(Array.isArray) as [[string, string, [[string, string, unknown[]], unknown[]]]];
  const [[, , row], gateway] = args[0][2];
  const say = (method: string, ...given: unknown[]): void => peer.say([1, 0, gateway[2], 1, method, given, method === 'serve' ? 1 : 0]);
  say('serve', ['$', 'O', 2, 1, {}]);
  return { peer, number: row[0] as number, socket: (row[10] as number[])[0]!, say };
}

it('a response that is written on and on is not kept for the client: the session ends', async () => {
  const { peer, number, say } = await handling('request', request('GET /'));
  say('answer', number, 1, 200, 'OK', 0, 'HTTP/1.1 200 OK\r\n\r\n');
  for (let i = 0; i < 1000; i++) say('answer', number, 0, 0, 0, 0, PIECE);
  expect((await peer.ended()).code).toBe('ERR_DYNOBOT_LIMIT_WINDOW');
  expect(await host.ask<number>('rss')).toBeLessThan(300 * 1024 * 1024);
});

it('what is written on and on to a socket is not kept either', async () => {
  const { peer, socket, say } = await handling('upgrade', request('GET /', { headers: ['Connection: Upgrade', 'Upgrade: x'] }));
  for (let i = 0; i < 1000; i++) say('write', socket, 0, PIECE);
  expect((await peer.ended()).code).toBe('ERR_DYNOBOT_LIMIT_WINDOW');
});
