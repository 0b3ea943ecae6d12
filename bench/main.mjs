// npm run bench: measures dynobot beside its peers, in turn, in one run.
import { HELP, readOptions } from './lib/options.mjs';
import { installPeers } from './lib/peers.mjs';
import { makePlan } from './lib/plan.mjs';
import { run } from './lib/run.mjs';

function progressTo(stream, silent) {
  if (silent || !stream.isTTY) return () => {};
  return (round, workload, system) => stream.write(`\x1b[2K\rround ${round + 1}  ${workload.name}  ${system}\r`);
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(HELP);
  installPeers();
  const plan = await makePlan(options);
  const results = await run(plan, options, progressTo(process.stderr, options.json));
  const rows = results.rows(plan);
  if (options.json) {
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  } else {
    const { terminalTable } = await import('./lib/table.mjs');
    process.stdout.write(terminalTable(rows));
  }
  if (options.write) (await import('./lib/document.mjs')).writeDocument(rows, options);
}

main().catch((error) => {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
});
