import type { Plan, Step } from './plan.js';
import type { Count } from './problem.js';
import { run } from './run.js';

/** The same failure with less in it: fewer steps, fewer features, no delays. */
export async function shrink(plan: Plan, count: Count): Promise<Plan> {
  const stillFails = async (candidate: Plan): Promise<boolean> => (await run(candidate)).problems[0]?.count === count;
  let shortest = await withFewerSteps(plan, stillFails);
  for (const simpler of SIMPLER) {
    const candidate = { ...shortest, ...simpler };
    if (await stillFails(candidate)) shortest = candidate;
  }
  return withFewerSteps(shortest, stillFails);
}

const SIMPLER: readonly Partial<Plan>[] = [
  { programs: 2 }, { manner: { delay: 0, split: 0, merge: 0 } }, { gathering: 0 }, { finalizing: 0 },
  { nested: false }, { attachments: false }, { promises: false }, { callbacks: false }, { listening: false }, { pending: false },
  { throwing: false }, { spoiling: false }, { throwingListeners: false }, { closingInside: false }, { kinds: ['function'] }, { ending: 'close' },
];

/** Leaves out halves, then quarters, and so on down to single steps, as long as it fails without them. */
async function withFewerSteps(plan: Plan, stillFails: (candidate: Plan) => Promise<boolean>): Promise<Plan> {
  let { steps } = plan;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < steps.length;) {
      const fewer: Step[] = steps.filter((_, i) => i < at || i >= at + size);
      if (await stillFails({ ...plan, steps: fewer })) steps = fewer;
      else at += size;
    }
  }
  return { ...plan, steps };
}
