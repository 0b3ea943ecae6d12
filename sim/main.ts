// npm run sim: plays seeds until the time is up. See options.ts.
import { tellFailure } from './failure.js';
import { HELP, readOptions, type Options } from './options.js';
import { commit } from './commit.js';
import type { Tally } from './tally.js';
import { playAll } from './workers.js';

function result(options: Options, { seeds, messages, counts, failure }: Tally, seconds: number): string {
  const failed = failure === undefined ? {} : { failed: failure.seed };
  const made = { seed: options.seed, commit: commit(), node: process.version };
  return JSON.stringify({ seeds, seconds: Math.round(seconds * 10) / 10, messages, ...counts, ...failed, ...made });
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(HELP);
  if (!options.json) process.stdout.write(`Playing from seed ${options.seed} for ${options.seconds} s …\n`);
  const began = performance.now();
  const tally = await playAll(options);
  const seconds = (performance.now() - began) / 1000;
  if (tally.failure !== undefined) process.exitCode = 1;
  if (tally.failure !== undefined && options.trace) process.stdout.write(`${await tellFailure(tally.failure)}\n`);
  if (!options.json) process.stdout.write(`${tally.seeds} seeds, ${Math.round(tally.seeds / seconds)} a second; ${tally.messages} messages\n`);
  process.stdout.write(`${result(options, tally, seconds)}\n`);
}

await main();
