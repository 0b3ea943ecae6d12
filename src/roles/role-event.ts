import type { ShareKey } from './options.js';
import type { Source } from './source.js';

/** One event of a role: what was emitted once, for all the listeners that one process has to it. */
export interface RoleEvent {
  /** By the order of emission, over all objects of the role. */
  readonly number: number;
  readonly source: Source;
  readonly receiver: unknown;
  /** Data among them are copies, once the event has been kept. */
  args: unknown[];
  /** An estimate, once the event has been kept. */
  bytes: number;
  kept: boolean;
  /** When it was parked. */
  since: number;
  readonly key: ShareKey;
  /** How many of what the process was given of it are still in hand. */
  parts: number;
  /** Told when it has been handled, or never will be. */
  readonly done: (() => void) | undefined;
}
