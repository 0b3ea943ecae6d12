import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Arrival } from '../../src/http/arrival.js';

function taking(): { arrival: Arrival; given: (string | null)[] } {
  const given: (string | null)[] = [];
  return { arrival: new Arrival({ give: (piece) => void given.push(piece === null ? null : String(piece)) }), given };
}

it('gives each piece a turn of its own, and the end, too', async () => {
  const { arrival, given } = taking();
  for (const piece of ['a', 'b', 'c']) arrival.add(Buffer.from(piece));
  arrival.add(null);
  const seen = [[...given]];
  for (let i = 0; i < 3; i++) {
    await turn();
    seen.push([...given]);
  }
  expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', null]]);
});

it('keeps the order when more comes later, and when nothing can wait any longer', async () => {
  const { arrival, given } = taking();
  for (const piece of ['a', 'b', 'c']) arrival.add(Buffer.from(piece));
  await turn();
  arrival.add(Buffer.from('d'));
  arrival.add(null);
  expect(given).toEqual(['a', 'b']);
  arrival.flush();
  expect(given).toEqual(['a', 'b', 'c', 'd', null]);
  await turn();
  expect(given).toHaveLength(5);
});
