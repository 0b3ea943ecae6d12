import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

/** Where a script's process reports to its runner, and where it gets its orders. */
export const REPORTS = 3;
export const ORDERS = 4;

/** An error, as far as it can be told to another process. */
export interface Problem {
  name: string;
  message: string;
  stack: string;
  code: string | undefined;
}

/** What a script's process tells its runner. One line of JSON each. */
export type Report =
  /** A module is about to be loaded: its file. */
  | { loads: string }
  /** A module was looked for in vain: the path that it might have. */
  | { misses: string }
  /** A connection with a role is open. */
  | { opened: { address: string; role: string } }
  /** Another process has got the turn: the milliseconds that the host gives this one for what it has in hand. */
  | { retired: number | 'forever' }
  /** It has its turns: it has asked for them itself, or has been loaded, top-level await included. */
  | { live: true }
  /** An error that nobody has caught, or that keeps the process from its turn. */
  | { failed: Problem };

/** What a runner tells a script's process. */
export type Order =
  /** Run the script: for a process that was started with `HOLD` in its environment. */
  | 'go'
  /** Finish what you have in hand, and go. */
  | 'retire';

/** In the environment: the process makes itself ready, and waits for the order to run its script. */
export const HOLD = 'DYNOBOT_HOLD';

/**
 * Written at once, from whichever thread: what is said before a crash, or an endless loop, has arrived before it. Nobody
 * reads it when the runner has gone.
 */
export function report(what: Report): void {
  try {
    writeSync(REPORTS, `${JSON.stringify(what)}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** Whatever was thrown: it may be anything, and may throw when it is looked at. */
export function problemOf(error: unknown): Problem {
  try {
    if (!(error instanceof Error)) return { name: 'Error', message: `${typeof error === 'string' ? error : inspect(error)} was thrown`, stack: '', code: undefined };
    const { code } = error as { code?: unknown };
    return { name: String(error.name), message: String(error.message), stack: String(error.stack ?? ''), code: typeof code === 'string' ? code : undefined };
  } catch {
    return { name: 'Error', message: 'something that cannot be looked at was thrown', stack: '', code: undefined };
  }
}
