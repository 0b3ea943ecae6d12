import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SYSTEMS } from '../systems/index.mjs';
import { TRANSPORTS } from '../wires/index.mjs';
import { WORKLOADS } from '../workloads/index.mjs';

export const HELP = `npm run bench -- [options]

  --quick             small sizes, within 2 minutes
  --json              a line of JSON for each system and workload, and nothing else
  --only W2,W3        these workloads (${WORKLOADS.join(', ')})
  --systems a,b       these systems (${Object.keys(SYSTEMS).join(', ')})
  --transport T       ${TRANSPORTS.join(', ')} (unix is the default)
  --rounds N          how often everything is measured, in turn
  --write             writes docs/performance.md, its pictures, and the figures that bench:check compares with
  --dist DIR          another build of dynobot than dist/
  --profile DIR       a CPU profile of every process, into DIR
`;

/** Names in a list, each of which must be known. "W1" also means "W1 unpinned". */
function chosen(list, known, what) {
  if (list === undefined) return known;
  const named = new Set();
  for (const given of list.split(',').map((name) => name.trim())) {
    const meant = known.filter((name) => name === given || name.startsWith(`${given} `));
    if (meant.length === 0) throw new Error(`${given}: no such ${what}; there are ${known.join(', ')}`);
    for (const name of meant) named.add(name);
  }
  return known.filter((name) => named.has(name));
}

export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      only: { type: 'string' },
      systems: { type: 'string' },
      transport: { type: 'string', default: 'unix' },
      rounds: { type: 'string' },
      dist: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const { transport, quick, dist } = values;
  if (dist !== undefined) process.env.DYNOBOT_DIST = pathToFileURL(resolve(dist, 'index.js')).href;
  if (!TRANSPORTS.includes(transport)) throw new Error(`${transport}: no such transport; there are ${TRANSPORTS.join(', ')}`);
  const systems = chosen(values.systems, Object.keys(SYSTEMS), 'system').filter((name) => SYSTEMS[name].transports.includes(transport));
  const workloads = chosen(values.only, WORKLOADS, 'workload');
  return { ...values, systems, workloads, rounds: Number(values.rounds ?? (quick ? 5 : 3)), budget: quick ? 105_000 : Infinity };
}
