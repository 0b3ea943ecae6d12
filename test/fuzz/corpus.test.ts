import { expect, it } from 'vitest';
import { beside } from '../peer/beside.js';
import { ByHand } from '../peer/by-hand.js';
import type { Services } from '../peer/fixtures/victim-host.js';
import { eventually } from '../support/eventually.js';
import { CORPUS } from './corpus/found.js';

const at = beside<Services>(new URL('../peer/fixtures/victim-host.ts', import.meta.url));

it.each(CORPUS)('no more: $what', async ({ frames, ends }) => {
  const { peer, ids } = await ByHand.greeted(at.host.name, 'found');
  for (const frame of frames) peer.raw(`${frame.replace(/\bT\b/g, String(ids.get('target'))).replace(/\bE\b/g, String(ids.get('emitter')))}\n`);
  if (ends === undefined) {
    peer.say([1, 99, ids.get('target'), 1, 'echo', ['alive'], 0]);
    await peer.hears(([verb, call]) => verb === 2 && call === 99);
  } else {
    expect((await peer.ended()).code).toBe(ends);
  }
  // Nothing of the peer's was run by looking at it.
  expect(peer.received.filter(([verb, , target]) => verb === 1 && target === 9)).toEqual([]);
  peer.destroy();
  await eventually('sessions', async () => (await at.host.inspect()).sessions.map(({ client, listeners }) => [client, listeners]), [['innocent', 0]]);
  expect(await at.host.ask('attached')).toBe(0);
  expect(await at.host.ask('polluted')).toEqual([]);
  expect(await at.innocent.services.target.echo('fine')).toBe('fine');
});
