import { expect, it } from 'vitest';
import { playBlocking } from '../../sim/blocking/run.js';

it('plays clients that block and wait for each other, in many orders, without a fault', async () => {
  const first = Math.floor(Math.random() * 2 ** 31);
  for (let seed = first; seed < first + 300; seed++) expect(await playBlocking(seed), `npm run sim:blocking -- 1 ${seed}`).toEqual([]);
});
