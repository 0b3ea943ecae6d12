// npm run bench:http: a server with its handler in another process, in every way there is, beside one that has it in its own.
import { parseArgs } from 'node:util';
import { machine } from '../lib/machine.mjs';
import { installPeers } from '../lib/peers.mjs';
import { measure } from './lib/run.mjs';
import { asText, misses } from './lib/table.mjs';

installPeers();
const { MEASURES } = await import('./measures.mjs'); // It imports one of the peers.

const HELP = `npm run bench:http -- [options]

  --quick          2 seconds each, once
  --rounds N       how often everything is measured, in turn (3)
  --only hello,p99 these measures (${MEASURES.map(({ key }) => key).join(', ')})
  --json           one object
  --write          writes docs/performance-http.md
`;

async function main() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false }, rounds: { type: 'string' }, only: { type: 'string' },
      json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const only = values.only?.split(',');
  const measures = MEASURES.filter(({ key }) => only?.includes(key) ?? true);
  const rows = await measure(measures, { seconds: values.quick ? 2 : 6, rounds: Number(values.rounds ?? (values.quick ? 1 : 3)) });
  process.stdout.write(values.json ? `${JSON.stringify({ ...machine(), rows })}\n` : `${asText(rows)}\n`);
  if (values.write) (await import('./lib/document.mjs')).writeDocument(rows);
  for (const miss of misses(rows)) process.stderr.write(`${miss}\n`);
}

await main();
