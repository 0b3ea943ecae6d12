// A process of `npm run sim`: plays every n-th seed until its time is up or one fails.
import type { About } from './options.js';
import { planOf } from './plan.js';
import { run } from './run.js';
import { emptyTally, type Tally } from './tally.js';
import { watchUncaught } from './uncaught.js';

export interface Share {
  readonly first: number;
  readonly step: number;
  readonly seeds: number;
  readonly seconds: number;
  readonly about: About | undefined;
}

async function play({ first, step, seeds, seconds, about }: Share): Promise<Tally> {
  const tally = emptyTally();
  const end = performance.now() + seconds * 1000;
  for (let seed = first; tally.seeds < seeds && performance.now() < end; seed += step) {
    const plan = planOf(seed);
    if (about !== undefined && about !== (plan.roles === undefined ? 'sessions' : 'roles')) continue;
    const { messages, problems } = await run(plan);
    tally.seeds++;
    tally.messages += messages;
    if (problems.length === 0) continue;
    for (const { count } of problems) tally.counts[count]++;
    tally.failure = { seed, problem: problems[0]! };
    break;
  }
  return tally;
}

watchUncaught();
process.on('message', (share: Share) => {
  void play(share).then((tally) => process.send!(tally, () => process.disconnect()));
});
