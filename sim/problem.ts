/** What a run counts, beside its messages. All of it must be zero. */
export const COUNTS = ['unsettled', 'leaks', 'premature', 'misordered', 'listeners', 'errors'] as const;

export type Count =
  /** Calls and promises that were never settled. */
  | 'unsettled'
  /** Entries that stay in a table although nobody needs them. */
  | 'leaks'
  /** References that did not reach their original, or not the right one, while they were held. */
  | 'premature'
  /** Calls and events that came out of order, twice, or not at all. */
  | 'misordered'
  /** Listeners that are attached and should not be, or the other way round. */
  | 'listeners'
  /** Whatever else a user would not have expected. */
  | 'errors';

export interface Problem {
  readonly count: Count;
  readonly what: string;
}
