import { pinning } from './machine.mjs';
import { Results } from './results.mjs';
import { runTrial } from './trial.mjs';

const QUICK_DEADLINE = 8_000;
const DEADLINE = 90_000;

/** The part of the budget after which the first round, too, goes on with dynobot and its floors only. */
const LATE = 0.85;

const NO_TIME = 'left out of the quick form';

/** Whether there is time for one more measurement. Without a budget there always is. */
class Budget {
  #begun = performance.now();
  #milliseconds;
  #longest = 0;

  constructor(milliseconds) {
    this.#milliseconds = milliseconds;
  }

  allows(round, workload, { principal }) {
    if (this.#milliseconds === Infinity) return true;
    const left = this.#milliseconds - (performance.now() - this.#begun);
    if (round > 0) return principal && left > this.#longest * 1.5;
    return principal || (workload.quickForAll === true && left > this.#milliseconds * (1 - LATE));
  }

  async spend(principal, work) {
    const start = performance.now();
    const result = await work();
    if (principal) this.#longest = Math.max(this.#longest, performance.now() - start);
    return result;
  }
}

/**
 * Measures everything in the plan: A B C, A B C ..., so that whatever else the machine does hits all of them. With a budget
 * of time the first round is for all, the others are for dynobot and its floors, for as long as there is time.
 */
export async function run(plan, options, progress) {
  const results = new Results();
  const pin = pinning();
  const budget = new Budget(options.budget);
  const given = new Set();
  for (let round = 0; round < options.rounds; round++) {
    for (const { workload, entries } of plan) {
      for (const entry of entries) {
        const place = `${workload.name}|${entry.system}`;
        if (entry.able.length === 0 || given.has(place)) continue;
        if (!budget.allows(round, workload, entry)) {
          if (round === 0) results.fail(entry.able, entry.system, NO_TIME);
          continue;
        }
        progress(round, workload, entry.system);
        const result = await budget.spend(entry.principal, () => measure(workload, entry, options, pin));
        if (result.outcome !== undefined) results.add(round, entry.system, result.outcome);
        else results.fail(entry.able, entry.system, result.failure);
        if (result.failure !== undefined && round === 0) given.add(place);
      }
    }
  }
  return results;
}

function measure(workload, { system, able }, { quick, transport, profile }, pin) {
  const task = { system, workload: workload.name, measures: able, quick, transport };
  const deadline = quick ? QUICK_DEADLINE : (workload.deadline ?? DEADLINE);
  return runTrial(task, { pin: workload.pinned ? pin : [], profile, deadline });
}
