import { expect, it } from 'vitest';
import { Outbox } from '../../src/peer/outbox.js';
import { Returns } from '../../src/peer/returns.js';
import { VERB } from '../../src/wire.js';

/** An outbox whose transport has no room until it is told so. */
function crowded() {
  const sent: unknown[] = [];
  const turn: (() => void)[] = [];
  const transport = { buffered: 1e6, send: (frame: string | Uint8Array) => void sent.push(...(JSON.parse(String(frame)) as unknown[])) };
  const outbox = new Outbox(transport as never, (task) => void turn.push(task), { policy: 'drop-oldest', most: 1e9, pause: () => {}, exceeded: () => {} }, () => {});
  outbox.push('"first"', []);
  outbox.flush();
  expect(outbox.holds).toBe(true);
  return { outbox, returns: new Returns(outbox), transport, sent, endTurn: () => turn.splice(0).forEach((task) => task()) };
}

it('what has begun while messages are held follows them, when the session ends in that turn', () => {
  const { outbox, returns, sent } = crowded();
  outbox.push('"held"', []);
  returns.add(7);
  returns.add(8);
  outbox.conclude('"bye"');
  expect(sent).toEqual(['first', 'held', [VERB.returns, 7, 2], 'bye']);
});

it('and when there is room again in that turn', () => {
  const { outbox, returns, transport, sent, endTurn } = crowded();
  outbox.push('"held"', []);
  returns.add(7);
  transport.buffered = 0;
  outbox.drained();
  outbox.push('"last"', []);
  endTurn();
  expect(sent).toEqual(['first', 'held', [VERB.return, 7], 'last']);
});

it('gives back what was collected in frames of which each is short', () => {
  const { outbox, transport, sent, endTurn } = crowded();
  transport.buffered = 0;
  outbox.drained();
  const frames: string[] = [];
  transport.send = (frame) => void frames.push(String(frame));
  for (let id = 1; id <= 1_000_000; id += 2) outbox.release(id, 1);
  endTurn();
  expect(sent).toEqual(['first']);
  expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(64 * 1024);
  const runs = frames.flatMap((frame) => JSON.parse(frame) as number[][]).flatMap(([verb, ...numbers]) => (verb === VERB.release ? numbers : []));
  expect(runs).toHaveLength(1_500_000);
  expect(runs.slice(-3)).toEqual([999_999, 1, 1]);
});
