// npm run soak:roles [-- <changes> <events>]: what roles promise, in full: 100 changes of each kind under 1,000 events a second, 100,000 events shared.
import { percentile, showTurns } from './show/turns.js';
import { showSharing } from './show/sharing.js';
import { Stage } from './show/workers.js';
import type { RoleOptions } from '../../src/index.js';

const [changes = 100, events = 100_000] = process.argv.slice(2).map(Number);
let failed = false;

async function on<T>(what: string, options: RoleOptions & { sticky?: boolean }, show: (stage: Stage) => Promise<T>, isRight: (shown: T) => boolean, line: (shown: T) => string): Promise<void> {
  const stage = await Stage.open(options);
  try {
    const shown = await show(stage);
    const right = isRight(shown);
    failed ||= !right;
    process.stdout.write(`${right ? 'ok  ' : 'NOT '} ${what}: ${line(shown)}\n`);
  } finally {
    await stage.close();
  }
}

type Turns = Awaited<ReturnType<typeof showTurns>>;
const turnsLine = ({ emitted, silent, reported, twice, outOfOrder, gaps }: Turns): string =>
  `${emitted} events, lost in silence ${silent}, told as lost ${reported}, twice ${twice}, out of order ${outOfOrder}, gap p50 ${percentile(gaps, 0.5).toFixed(1)} p99 ${percentile(gaps, 0.99).toFixed(1)} max ${gaps.at(-1)?.toFixed(1)} ms`;

const clean = ({ silent, reported, twice, outOfOrder }: Turns): boolean => silent + reported + twice + outOfOrder === 0;
await on(`${changes} handovers`, {}, (stage) => showTurns(stage, changes, 'handover'), clean, turnsLine);
await on(`${changes} handovers with 1 MiB of state`, {}, (stage) => showTurns(stage, changes, 'handover', { state: 2 ** 20 }), clean, turnsLine);
await on(`${changes} times SIGKILL, at most once`, {}, (stage) => showTurns(stage, changes, 'kill'), ({ silent, twice, outOfOrder }) => silent + twice + outOfOrder === 0, turnsLine);
await on(`${changes} times SIGKILL, at least once`, { redelivery: 'at-least-once' }, (stage) => showTurns(stage, changes, 'kill'), ({ silent, reported }) => silent + reported === 0, turnsLine);

type Sharing = Awaited<ReturnType<typeof showSharing>>;
const sharingLine = ({ silent, reported, twice, moved, shares }: Sharing): string => `lost in silence ${silent}, told as lost ${reported}, twice ${twice}, keys moved ${moved}, shares ${shares.join(' ')}`;
await on(`${events} events for four, one killed, at most once`, {}, (stage) => showSharing(stage, events), ({ silent, twice }) => silent + twice === 0, sharingLine);
await on(`${events} events for four, one killed, at least once`, { redelivery: 'at-least-once' }, (stage) => showSharing(stage, events), ({ silent, reported }) => silent + reported === 0, sharingLine);
await on(`${events} events for four by key, one killed`, { sticky: true }, (stage) => showSharing(stage, events), ({ silent, twice, moved }) => silent + twice + moved === 0, sharingLine);
process.exitCode = failed ? 1 : 0;
