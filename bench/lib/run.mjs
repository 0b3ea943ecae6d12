import { pinning } from './machine.mjs';
import { Results } from './results.mjs';
import { runTrial } from './trial.mjs';

const QUICK_DEADLINE = 8_000;
const DEADLINE = 90_000;

/** What must be left of the budget to begin with anything: the longest that it may take. */
const RESERVE = QUICK_DEADLINE + 2_000;

const NO_TIME = 'left out of the quick form';

/** Whether there is time for one more measurement. Without a budget there always is. */
class Budget {
  #end;

  constructor(milliseconds) {
    this.#end = performance.now() + milliseconds;
  }

  get allows() {
    return performance.now() + RESERVE < this.#end;
  }
}

/**
 * The passes over the plan, each with what it measures: in a full run everything, again and again. When time is short,
 * dynobot and what it is held against first, then the peers once, then dynobot and its floors for as long as there is time.
 */
function passes({ rounds, budget }) {
  const everything = () => true;
  if (budget === Infinity) return Array.from({ length: rounds }, (_, round) => ({ round, chooses: everything }));
  const principals = ({ principal }) => principal;
  const peers = ({ principal }, workload) => !principal && workload.quickForAll === true;
  const others = Array.from({ length: rounds - 1 }, (_, n) => ({ round: n + 1, chooses: (entry, workload) => entry.principal && workload.quickOnce !== true }));
  return [{ round: 0, chooses: principals }, { round: 0, chooses: peers }, ...others];
}

/** Measures everything in the plan: A B C, A B C ..., so that whatever else the machine does hits all of them. */
export async function run(plan, options, progress) {
  const results = new Results();
  const pin = pinning();
  const budget = new Budget(options.budget);
  const failed = new Set();
  for (const { round, chooses } of passes(options)) {
    for (const { workload, entries } of plan) {
      for (const entry of entries.filter((one) => one.able.length > 0 && chooses(one, workload))) {
        const place = `${workload.name}|${entry.system}`;
        if (failed.has(place) || !budget.allows) continue;
        progress(round, workload, entry.system);
        const result = await measure(workload, entry, options, pin);
        if (result.outcome !== undefined) results.add(round, entry.system, result.outcome);
        else results.fail(entry.able, entry.system, result.failure);
        if (result.failure !== undefined && round === 0) failed.add(place);
      }
    }
  }
  if (options.budget !== Infinity) results.missing = NO_TIME;
  return results;
}

function measure(workload, { system, able }, { quick, transport, profile }, pin) {
  const task = { system, workload: workload.name, measures: able, quick, transport };
  const deadline = quick ? QUICK_DEADLINE : (workload.deadline ?? DEADLINE);
  return runTrial(task, { pin: workload.pinned ? pin : [], profile, deadline });
}
