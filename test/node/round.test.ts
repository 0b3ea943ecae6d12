import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { Round } from '../../src/node/round.js';
import { defer } from '../../src/node/defer.js';

const seen: string[] = [];
/** What the clock says. */
let now = 0;
vi.spyOn(performance, 'now').mockImplementation(() => now);

/** Each says that it has had its turn, and then, in a promise and in a tick after it, has something to send. */
function join(name: string, work = (): unknown => undefined): void {
  Round.join({
    nextTurn() {
      seen.push(name);
      work();
      void Promise.resolve().then(() => process.nextTick(() => defer(() => seen.push(`sends ${name}`))));
    },
  });
}

async function all(): Promise<string[]> {
  for (let i = 0; i < 3; i++) await turn();
  return seen.splice(0);
}

it('sends together what is to be sent after turns that follow one another', async () => {
  for (const name of ['a', 'b', 'c']) join(name);
  expect(await all()).toEqual(['a', 'b', 'c', 'sends a', 'sends b', 'sends c']);
});

it('gives who joins meanwhile a turn of the next round', async () => {
  join('a', () => join('c'));
  join('b');
  expect(await all()).toEqual(['a', 'b', 'sends a', 'sends b', 'c', 'sends c']);
});

it('does not wait for turns to come when those before took long', async () => {
  join('a', () => (now += 5));
  for (const name of ['b', 'c', 'd']) join(name);
  expect(await all()).toEqual(['a', 'b', 'sends a', 'sends b', 'c', 'sends c', 'd', 'sends d']);
});
