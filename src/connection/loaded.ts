import type { Connection } from './connection.js';

/** Where a runner hears of the connections of a process that it has started, whichever copy of dynobot they are of. */
export const RUNNER = Symbol.for('dynobot.runner');

/** What a runner needs of a connection with a role. */
export interface Runnable {
  /** What leads to the host, for another process. */
  readonly address: string;
  readonly roleName: string;
  /** Whether it has not asked for the turn. */
  readonly isStaged: boolean;
  /** Asks for the turn, unless that was done. Resolves when it has begun. */
  takeTurn(): Promise<void>;
  /** Gives the turn up. Resolves when what was in hand is finished, and the connection closed. */
  retire(): Promise<void>;
  once(event: 'close' | 'turn', listener: () => void): unknown;
  once(event: 'retire', listener: (retirement: { deadline: number }) => void): unknown;
}

/** What a runner puts into the processes that it starts. */
export interface RunnerHook {
  /** The role that the process is started for, and its place in it. */
  readonly role: string;
  readonly instance: string;
  /** A connection is being opened, until this is resolved. */
  opening(settled: Promise<void>): void;
  opened(connection: Runnable): void;
}

/** The runner of this process, if one has started it. */
export function runnerHook(): RunnerHook | undefined {
  return (globalThis as { [RUNNER]?: RunnerHook })[RUNNER];
}

/** Connections with a role whose script has not said that it is ready. */
const staged = new Set<Connection<unknown>>();
let isLoaded = false;

/** A connection with a role has been opened. Under `dynobot run` it gets ready by itself when the script has been loaded. */
export function stage(connection: Connection<unknown>): void {
  const runner = runnerHook();
  if (runner !== undefined) return runner.opened(connection);
  staged.add(connection);
  connection.once('close', () => staged.delete(connection));
  connection.on('reconnect', () => {
    if (isLoaded) void readyUnlessAsked(connection);
  });
  // The code that waits for the connection attaches its listeners first.
  if (isLoaded) setImmediate(() => void readyUnlessAsked(connection));
}

/**
 * The script has been loaded, top-level await included: its connections take their turns, unless it calls `ready()` itself.
 * For what starts scripts; call it once.
 *
 * @returns resolves when those that there are have their turn; rejects with the first failure
 * @throws what `Connection.ready` throws
 */
export async function readyWhenLoaded(): Promise<void> {
  isLoaded = true;
  await Promise.all([...staged].map(readyUnlessAsked));
}

async function readyUnlessAsked(connection: Connection<unknown>): Promise<void> {
  staged.delete(connection);
  if (connection.connected && connection.isStaged) await connection.ready();
}
