import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ByHand } from '../peer/by-hand.js';
import { HostProcess } from '../support/host-process.js';
import { handlerByHand } from './handler-by-hand.js';
import { request } from './raw-client.js';

// A handler that calls of the host's gateway what it likes.
let host: HostProcess;
beforeEach(async () => { host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url)); });
afterEach(async () => {
  ByHand.destroyAll();
  await host.stop();
});

const GET = request('GET /', { headers: ['Connection: close'] });
const OF_ITS_OWN = ['take', 'forget', 'socket', 'request', 'response', 'requestAt', 'socketAt', 'tell', 'over', 'socketClosed', 'broken', 'dropped', 'heldAt', 'hostedAt', 'lost'];

it('only what the wire names can be called', async () => {
  const { peer, gateway } = await handlerByHand(host, 'request', GET);
  for (const [at, method] of OF_ITS_OWN.entries()) {
    peer.say([1, 100 + at, gateway, 1, method, [null], 0]);
    const [verb] = await peer.hears(([heard, call]) => (heard === 2 || heard === 3) && call === 100 + at);
    expect([method, verb]).toEqual([method, 3]);
  }
});

it('whatever it is called with, a request that its handler leaves gets 502', async () => {
  const { client, peer, gateway, number, socket, say } = await handlerByHand(host, 'request', GET);
  const anything = [null, {}, [], 'x', -1, 1.5, 2 ** 53, number + 1];
  for (const method of [...OF_ITS_OWN, 'serve', 'took', 'settled', 'read', 'write', 'finish', 'destroy', 'reset', 'setTimeout', 'setNoDelay', 'setKeepAlive', 'answer']) {
    for (const one of anything) say(method, one, one);
  }
  for (const one of [null, {}, 'x', -1]) {
    say('answer', number, one);
    say('took', number, one);
    say('read', socket, one);
    say('setTimeout', socket, one);
    say('setKeepAlive', socket, true, one);
  }
  // All of it has come when a call after it is answered.
  peer.say([1, 50, gateway, 1, 'settled', [0], 0]);
  await peer.hears(([verb, call]) => (verb === 2 || verb === 3) && call === 50);
  peer.destroy();
  expect(await text(client)).toContain('HTTP/1.1 502');
});
