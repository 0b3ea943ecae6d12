import { pinning } from './machine.mjs';
import { Results } from './results.mjs';
import { runTrial } from './trial.mjs';

const QUICK_DEADLINE = 8_000;
const DEADLINE = 90_000;

/** What a measurement may take beyond its deadline. */
const AFTERWARDS = 2_000;

const NO_TIME = 'left out of the quick form';

/** The time for all measurements. Without a budget there always is enough. */
class Budget {
  #end;

  constructor(milliseconds) {
    this.#end = performance.now() + milliseconds;
  }

  /** Whether there is as much left as something may take. */
  allows(milliseconds) {
    return performance.now() + milliseconds + AFTERWARDS < this.#end;
  }
}

/**
 * The passes over the plan, each with what it measures: in a full run everything, again and again. When time is short,
 * dynobot and what it is held against first, then the peers once, then what takes long, then dynobot and its floors for as
 * long as there is time.
 */
function passes({ rounds, budget }) {
  const everything = () => true;
  if (budget === Infinity) return Array.from({ length: rounds }, (_, round) => ({ round, chooses: everything }));
  const principals = ({ principal }, workload) => principal && workload.quickLast !== true;
  const peers = ({ principal }, workload) => !principal && workload.quickForAll === true;
  const slow = ({ principal }, workload) => principal && workload.quickLast === true;
  const others = Array.from({ length: rounds - 1 }, (_, n) => ({ round: n + 1, chooses: (entry, workload) => entry.principal && workload.quickOnce !== true }));
  return [{ round: 0, chooses: principals }, { round: 0, chooses: peers }, { round: 0, chooses: slow }, ...others];
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
        if (failed.has(place) || !budget.allows(deadlineOf(workload, options))) continue;
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

function deadlineOf({ quickDeadline = QUICK_DEADLINE, deadline = DEADLINE }, { quick }) {
  return quick ? quickDeadline : deadline;
}

function measure(workload, { system, able }, options, pin) {
  const { quick, transport, profile } = options;
  const task = { system, workload: workload.name, measures: able, quick, transport };
  return runTrial(task, { pin: workload.pinned ? pin : [], profile, deadline: deadlineOf(workload, options) });
}
