import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { Stage, WorkerOptions, WorkerProcess } from './workers.js';

export interface Shown {
  readonly emitted: number;
  /** Heard by nobody, and not told of. */
  readonly silent: number;
  /** Heard by nobody, and told of. */
  readonly reported: number;
  readonly twice: number;
  /** Heard after a later one. */
  readonly outOfOrder: number;
  /** Milliseconds from the last event that a process has heard to the first of its successor. */
  readonly gaps: number[];
}

const RATE = 1000;

/** Changes the process behind a role again and again, while events come. */
export async function showTurns(stage: Stage, count: number, change: 'handover' | 'kill', options: WorkerOptions = {}): Promise<Shown> {
  let holder = await stage.worker(options);
  await holder.ready();
  await stage.host.ask('start', RATE);
  for (let i = 0; i < count; i++) {
    const heir = await stage.worker(options);
    await pause(Math.random() * 50);
    if (change === 'kill') holder.kill();
    await heir.ready();
    if (change === 'handover') await hears(heir);
    holder = heir;
  }
  const emitted = await stage.host.ask<number>('stop');
  await finished(stage);
  return judge(stage, emitted);
}

async function hears(worker: WorkerProcess): Promise<void> {
  await eventually(`${worker.name} to hear`, () => worker.heard().length > 0, true);
}

/** Nothing waits, and nothing is in hand. */
export async function finished({ host }: Stage): Promise<void> {
  await eventually('what is to be done', async () => {
    const [role] = (await host.inspect()).roles;
    return role!.waiting + role!.parked.events + role!.members.reduce((sum, { inHand }) => sum + inHand, 0);
  }, 0);
}

async function judge(stage: Stage, emitted: number): Promise<Shown> {
  const lost = new Set(await stage.host.ask<number[]>('lost'));
  const all = stage.workers.map((worker) => worker.heard());
  const times = new Map<number, number>();
  for (const { number } of all.flat()) times.set(number, (times.get(number) ?? 0) + 1);
  const missing = Array.from({ length: emitted }, (_, i) => i + 1).filter((number) => !times.has(number));
  let outOfOrder = 0;
  let last = 0;
  for (const { number } of all.flat()) {
    if (number < last) outOfOrder++;
    last = Math.max(last, number);
  }
  return {
    emitted, outOfOrder,
    silent: missing.filter((number) => !lost.has(number)).length,
    reported: missing.filter((number) => lost.has(number)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
    gaps: gapsOf(all.filter((heard) => heard.length > 0)),
  };
}

function gapsOf(all: { at: number }[][]): number[] {
  return all.slice(1).map((heard, i) => heard[0]!.at - all[i]!.at(-1)!.at).sort((a, b) => a - b);
}

/** By nearest rank: of 100 values the 99th is p99, and not the longest. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}
