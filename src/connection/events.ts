import type { DynobotError } from '../errors.js';
import type { Gap } from '../roles/report.js';
import type { Retirement } from '../roles/turn.js';

/** What a connection tells. */
export interface ConnectionEvents {
  /**
   * The session has ended, and there will be no other. `reason` is undefined if `close` was called on this side, or on
   * the other and there was nothing to wait for.
   */
  close: [reason: DynobotError | undefined];
  /** The host has gone: the connection waits for it to come back. Without a listener it is a process warning. */
  disconnect: [reason: DynobotError];
  /** The host, or its successor, is back: services are what they were, with their listeners. What came from them is stale. */
  reconnect: [];
  /**
   * Something failed that nobody waits for: a refused listener or assignment; a lost connection, if there is no listener
   * for `close`. Without a listener it is an uncaught error; a state that is not handed over is a process warning.
   */
  error: [error: unknown, where?: string];
  /** The host has added a service. */
  service: [name: string];
  /** The host has taken a service back, or has come back without it. */
  withdraw: [name: string];
  /** The turn in the role has begun: what `ready` resolves for. */
  turn: [];
  /** The turn in the role is over: another process gets the events from now on. The session ends when all is finished. */
  retire: [retirement: Retirement];
  /** Events were dropped: before this process got its turn, or because it read too slowly (`slowReader`). */
  gap: [gap: Gap];
}
