import { planOf } from './plan.js';
import { run } from './run.js';
import { shrink } from './shrink.js';
import type { Failure } from './tally.js';
import { watchUncaught } from './uncaught.js';

/** What went wrong, and the shortest way there that was found. */
export async function tellFailure({ seed, problem }: Failure): Promise<string> {
  watchUncaught();
  const plan = planOf(seed);
  const shortest = await shrink(plan, problem.count);
  const lines: string[] = [];
  await run(shortest, (line) => lines.push(line));
  return [
    `Seed ${seed} fails. ${problem.count}: ${problem.what}`,
    `The shortest trace found has ${shortest.steps.length} of ${plan.steps.length} steps:`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}
