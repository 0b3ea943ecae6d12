import { eventually } from '../../support/eventually.js';
import { finished } from './turns.js';
import type { Heard, Stage } from './workers.js';

export interface Shared {
  readonly emitted: number;
  /** Heard by nobody, and not told of. */
  readonly silent: number;
  readonly reported: number;
  readonly twice: number;
  /** Keys that have changed between two processes that live. */
  readonly moved: number;
  /** How many each process has heard. */
  readonly shares: number[];
}

const PROCESSES = 4;
const BATCH = 500;

/** Shares events out among four processes, one of which is killed in the middle. */
export async function showSharing(stage: Stage, events: number): Promise<Shared> {
  const workers = await Promise.all(Array.from({ length: PROCESSES }, (_, i) => stage.worker({ instance: i + 1 })));
  await Promise.all(workers.map((worker) => worker.ready()));
  const [victim, ...others] = workers;
  for (let emitted = 0; emitted < events; emitted = await stage.host.ask<number>('emit', BATCH)) {
    if (emitted !== events / 2) continue;
    await eventually('the victim to hear', () => victim!.heard().length > 0, true);
    victim!.kill();
  }
  await finished(stage);
  const lost = new Set(await stage.host.ask<number[]>('lost'));
  const heard = workers.map((worker) => worker.heard());
  const times = new Map<number, number>();
  for (const { number } of heard.flat()) times.set(number, (times.get(number) ?? 0) + 1);
  const missing = Array.from({ length: events }, (_, i) => i + 1).filter((number) => !times.has(number));
  return {
    emitted: events,
    silent: missing.filter((number) => !lost.has(number)).length,
    reported: missing.filter((number) => lost.has(number)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
    moved: moves(others.map((worker) => worker.heard())),
    shares: heard.map(({ length }) => length),
  };
}

/** Keys that two of those have heard who have lived all the time: a key goes to another only with its process. */
function moves(all: readonly Heard[][]): number {
  const owners = new Map<number, number>();
  let moved = 0;
  all.forEach((heard, owner) => {
    for (const { key } of heard) {
      const known = owners.get(key);
      if (known !== undefined && known !== owner) moved++;
      owners.set(key, owner);
    }
  });
  return moved;
}
