import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Options } from './options.js';
import { addTally, emptyTally, type Tally } from './tally.js';
import type { Share } from './worker.js';

/** As `start.mjs` has bundled it, beside the program that is running. */
const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/** Almost all that a run makes is garbage when it is over: a large nursery is emptied less often, and of less. In MiB. */
const NURSERY = 32;
const execArgv = [`--min-semi-space-size=${NURSERY}`, `--max-semi-space-size=${NURSERY}`];

/** Shares the seeds out to processes. The first failure ends them all. */
export async function playAll({ seed, seeds, seconds, workers, about }: Options): Promise<Tally> {
  const children = Array.from({ length: workers }, () => fork(WORKER, { execArgv }));
  const total = emptyTally();
  await Promise.all(children.map(async (child, i) => {
    const tally = await playShare(child, { first: seed + i, step: workers, seeds: Math.ceil((seeds - i) / workers), seconds, about });
    if (tally !== undefined) addTally(total, tally);
    if (tally?.failure !== undefined) for (const other of children) other.kill();
  }));
  return total;
}

/** Undefined if the process was ended because another one had failed. */
function playShare(child: ChildProcess, share: Share): Promise<Tally | undefined> {
  return new Promise((resolve, reject) => {
    child.once('message', (tally) => resolve(tally as Tally));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal === 'SIGTERM') resolve(undefined);
      else reject(new Error(`a process of the simulation ended with ${code ?? signal}`));
    });
    child.send(share);
  });
}
