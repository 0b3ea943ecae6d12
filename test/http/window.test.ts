import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ByHand } from '../peer/by-hand.js';
import { HostProcess } from '../support/host-process.js';
import { handlerByHand, type HandlerByHand } from './handler-by-hand.js';
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

async function handling(event: string, text: string): Promise<HandlerByHand> {
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url));
  const handler = await handlerByHand(host, event, text);
  reader = handler.client.pause();
  return handler;
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
