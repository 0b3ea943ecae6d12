// npm run bench:check: fails if dynobot has lost more than 15 % against its floors since docs/performance.json was written.
import { existsSync, readFileSync } from 'node:fs';
import { CHECKED, losses, ownRatios, TOLERATED_LOSS } from './lib/comparison.mjs';
import { times } from './lib/numbers.mjs';
import { installPeers } from './lib/peers.mjs';
import { makePlan } from './lib/plan.mjs';
import { run } from './lib/run.mjs';

const FIGURES = new URL('../docs/performance.json', import.meta.url);

async function ratiosOf(workloads, rounds) {
  const options = { ...CHECKED, workloads, rounds };
  const plan = await makePlan(options);
  return ownRatios((await run(plan, options, () => {})).rows(plan));
}

function report(before, now, lost) {
  for (const [workload, { ratio }] of Object.entries(before)) {
    const bad = lost.some((loss) => loss.workload === workload);
    process.stdout.write(`${bad ? 'LOST' : 'ok  '}  ${workload.padEnd(12)} ${times(ratio)} -> ${times(now[workload]?.ratio)}\n`);
  }
}

/** What seems lost is measured again, for longer, before it is believed. */
async function check() {
  installPeers();
  if (!existsSync(FIGURES)) throw new Error('there are no figures to compare with yet: npm run bench -- --write');
  const { check: before } = JSON.parse(readFileSync(FIGURES, 'utf8'));
  const now = await ratiosOf(CHECKED.workloads, CHECKED.rounds);
  let lost = losses(before, now);
  if (lost.length > 0) {
    const doubtful = CHECKED.workloads.filter((name) => lost.some(({ workload }) => workload.split(' ')[0] === name));
    Object.assign(now, await ratiosOf(doubtful, CHECKED.rounds * 2));
    lost = losses(before, now);
  }
  report(before, now, lost);
  if (lost.length > 0) throw new Error(`a loss of more than ${TOLERATED_LOSS * 100} % in ${lost.map(({ workload }) => workload).join(', ')}`);
}

check().catch((error) => {
  process.stderr.write(`bench:check: ${error.message}\n`);
  process.exitCode = 1;
});
