import { COUNTS, type Count, type Problem } from './problem.js';

/** A run that has gone wrong. */
export interface Failure {
  readonly seed: number;
  readonly problem: Problem;
}

/** What some runs add up to. */
export interface Tally {
  seeds: number;
  messages: number;
  readonly counts: Record<Count, number>;
  failure: Failure | undefined;
}

export function emptyTally(): Tally {
  return { seeds: 0, messages: 0, counts: Object.fromEntries(COUNTS.map((count) => [count, 0])) as Record<Count, number>, failure: undefined };
}

export function addTally(to: Tally, { seeds, messages, counts, failure }: Tally): void {
  to.seeds += seeds;
  to.messages += messages;
  for (const count of COUNTS) to.counts[count] += counts[count];
  to.failure ??= failure;
}
