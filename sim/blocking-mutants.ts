// npm run sim:blocking:mutants: seeds known bugs of waiting and serving one by one. The simulation must catch each of them.
import { spawnSync } from 'node:child_process';
import { ofBlocking } from './mutants/blocking.js';
import { Workshop } from './mutants/workshop.js';

const SEEDS = 400;
const workshop = new Workshop();
let survivors = 0;
try {
  for (const mutant of ofBlocking) workshop.check(mutant);
  for (const mutant of ofBlocking) {
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'sim/blocking.ts', String(SEEDS), '1'], { cwd: workshop.make(mutant), encoding: 'utf8', timeout: 120_000 });
    if (status === 0) survivors++;
    console.log(`${mutant.name.padEnd(70)} ${status === 0 ? 'SURVIVES' : (stdout.split('\n')[1] ?? 'caught').slice(0, 60)}`);
  }
} finally {
  workshop.clear();
}
console.log(`${ofBlocking.length - survivors} of ${ofBlocking.length} mutants caught`);
process.exitCode = survivors > 0 ? 1 : 0;
