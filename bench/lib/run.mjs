import { pinning } from './machine.mjs';
import { Results } from './results.mjs';
import { runTrial } from './trial.mjs';

const QUICK_DEADLINE = 8_000;
const DEADLINE = 90_000;

/**
 * Measures everything in the plan: A B C, A B C ..., so that whatever else the machine does hits all of them. With a budget
 * of time the first round is for all, the others are for dynobot and its floors, for as long as there is time.
 */
export async function run(plan, options, progress) {
  const results = new Results();
  const pin = pinning();
  const begun = performance.now();
  const given = new Set();
  let longest = 0;
  for (let round = 0; round < options.rounds; round++) {
    for (const { workload, entries } of plan) {
      for (const entry of entries) {
        const place = `${workload.name}|${entry.system}`;
        const left = options.budget - (performance.now() - begun);
        if (entry.able.length === 0 || given.has(place)) continue;
        if (options.quick && round > 0 && (!entry.principal || left < longest * 1.5)) continue;
        progress(round, workload, entry.system);
        const start = performance.now();
        const result = await measure(workload, entry, options, pin);
        if (options.quick && round > 0) longest = Math.max(longest, performance.now() - start);
        if (result.outcome !== undefined) results.add(round, entry.system, result.outcome);
        else {
          results.fail(entry.able, entry.system, result.failure);
          if (round === 0) given.add(place);
        }
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
