import { figure, times } from './numbers.mjs';

/** What dynobot must reach, by measure: a bound on its ratio to a floor, on its value, or to be better than a peer. */
const TARGETS = {
  W1: { atMost: 1.15, of: 'ratio' },
  W2: { atLeast: 0.9, of: 'ratio' },
  W3: { atLeast: 0.9, of: 'ratio' },
  'W4 buffer': { atLeast: 0.9, of: 'floorRatio' },
  'W4 object': { atLeast: 0.9, of: 'floorRatio' },
  W5: { atLeast: 0.7, of: 'ratio' },
  'W6 client': { below: 'capnweb' },
  'W6 host': { below: 'capnweb' },
  W8: { atLeast: 0.8, of: 'ratio' },
  'W9 unpinned': { atMost: 1.5, of: 'ofAwaited' },
  'W10 import': { atMost: 15, of: 'value' },
  'W10 connect': { atMost: 10, of: 'value' },
};
const GROWTH = { atLeast: 0.8, of: 'ofSmallest' };
/** Milliseconds, of the worse of both sides. */
const LOOP_DELAY = 20;
const FLOORS = { raw: 'raw', 'hand-msgpackr': 'hand msgpackr' };

function bound(row, rows) {
  const target = row.workload.startsWith('W11 ') ? GROWTH : TARGETS[row.workload];
  if (target?.below === undefined) return target;
  const peer = rows.find((other) => other.workload === row.workload && other.system === target.below);
  return typeof peer?.value === 'number' ? { atMost: peer.value, of: 'value', peer: "Cap'n Web" } : undefined;
}

function words({ atMost, atLeast, of, peer }, row) {
  const limit = atLeast === undefined ? '<=' : '>=';
  const number = atLeast ?? atMost;
  if (peer !== undefined) return `${limit} ${peer} (${figure(number)} ${row.unit})`;
  if (of === 'value') return `${limit} ${figure(number)} ${row.unit}`;
  if (of === 'ofAwaited') return `${limit} ${times(number)} x the awaited call`;
  if (of === 'ofSmallest') return `${limit} ${times(number)} x the smallest`;
  return `${limit} ${times(number)} x ${of === 'floorRatio' ? FLOORS[row.floor] : 'hand JSON'}`;
}

/** How dynobot stands against each of its targets that was measured. */
export function standing(rows) {
  const own = rows.filter((row) => row.system === 'dynobot');
  return [...own.flatMap((row) => standingOf(row, rows)), ...loopDelay(own)];
}

/** How late event loops were at the most, while there was much of something. */
function loopDelay(own) {
  const delays = own.flatMap(({ workload, delayClient, delayHost }) => (delayHost === undefined ? [] : { workload, delay: Math.max(delayClient, delayHost) }));
  if (delays.length === 0) return [];
  const { workload, delay } = delays.reduce((worst, one) => (one.delay > worst.delay ? one : worst));
  return [{ workload: 'W11 event loop p99', target: `<= ${LOOP_DELAY} ms`, reached: `${figure(delay)} ms (${workload.slice('W11 '.length)})`, measured: true, met: delay <= LOOP_DELAY }];
}

function standingOf(row, rows) {
  const target = bound(row, rows);
  if (target === undefined) return [];
  const reached = row[target.of] ?? null;
  const met = reached !== null && (target.atLeast === undefined ? reached <= target.atMost : reached >= target.atLeast);
  const shown = target.of === 'value' ? `${figure(reached)} ${row.unit}` : times(reached);
  return [{ workload: row.workload, target: words(target, row), reached: reached === null ? row.reason ?? 'no figure' : shown, measured: reached !== null, met }];
}
