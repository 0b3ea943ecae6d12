import type { Connection } from './connection.js';

/** Connections with a role whose script has not said that it is ready. */
const staged = new Set<Connection<unknown>>();
let isLoaded = false;

/** A connection with a role has been opened. Under `dynobot run` it gets ready by itself when the script has been loaded. */
export function stage(connection: Connection<unknown>): void {
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
  if (connection.connected && connection.role?.isStaged === true) await connection.ready();
}
