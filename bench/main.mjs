// npm run bench: measures dynobot beside its peers, in turn, in one run.
import { HELP, readOptions } from './lib/options.mjs';
import { installPeers } from './lib/peers.mjs';
import { makePlan } from './lib/plan.mjs';
import { run } from './lib/run.mjs';
import { TRANSPORTS } from './wires/index.mjs';

function progressTo(stream, silent) {
  if (silent || !stream.isTTY) return () => {};
  return (round, workload, system) => stream.write(`\x1b[2K\rround ${round + 1}  ${workload.name}  ${system}\r`);
}

async function measured(options) {
  const plan = await makePlan(options);
  return (await run(plan, options, progressTo(process.stderr, options.json))).rows(plan);
}

/** What a line of JSON says; of what could not be measured, also why. All else is in docs/performance.json. */
const line = ({ workload, system, value, unit, min, max, ratio, reason }) => JSON.stringify({ workload, system, value, unit, min, max, ratio, reason });

async function print(rows, { json }) {
  if (json) return rows.map(line).join('\n');
  const { targetTable, terminalTable } = await import('./lib/table.mjs');
  return `${terminalTable(rows)}\n${targetTable(rows)}`;
}

/** The document has more than the table: the other transports, and the figures to check against. */
async function write(rows, { quick }) {
  const { CHECKED, ownRatios } = await import('./lib/comparison.mjs');
  const { writeDocument } = await import('./lib/document.mjs');
  const extra = [];
  for (const transport of TRANSPORTS.filter((one) => one !== 'unix')) {
    const options = { ...CHECKED, transport, quick, rounds: 3, workloads: ['W1', 'W2', 'W3', 'W4', 'W5'] };
    extra.push({ transport, rows: await measured({ ...options, systems: ['raw', 'hand-json', 'dynobot'] }) });
  }
  writeDocument({ rows, extra, check: ownRatios(await measured(CHECKED)) });
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(HELP);
  installPeers();
  const rows = await measured(options);
  process.stdout.write(`${await print(rows, options)}\n`);
  if (options.write) await write(rows, options);
}

main().catch((error) => {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
});
