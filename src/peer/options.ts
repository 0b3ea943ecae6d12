import type { Limits } from '../limits.js';
import type { Platform } from '../platform.js';
import type { Session, Succession } from '../proxies/reference.js';
import type { Shapes } from '../proxies/shape.js';
import type { Kinds } from '../values/kinds.js';
import type { Peer } from './peer.js';
import type { Turns } from './receiver.js';
import type { SlowPolicy } from './slow-reader.js';

export interface PeerOptions {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly kinds: Kinds;
  /** For a session whose other end may be another user's. If it is not given, `kinds` are for all. */
  readonly kindsForOthers?: Kinds;
  readonly shapes: Shapes;
  /** Milliseconds within which calls must be answered; 0: no deadline. */
  readonly timeout: number;
  /**
   * Whether the answer of a call may be ignored without risk. A host's code calls what clients gave it, and must not end
   * by an unhandled rejection because one of them has gone; a client's forgotten rejection is its own, as with any promise.
   */
  readonly mayIgnoreAnswers: boolean;
  /** What is done when the other side reads too slowly. */
  readonly slowReader: SlowPolicy;
  /** What listeners of ours throw is told to the owner. Otherwise it is the process's own uncaught error. */
  readonly contains?: boolean;
  /** Who is on the other side, until it says so itself. */
  readonly label: string;
  /** If there can be another session after this one. */
  readonly succession?: Succession;
  /** What makes a client one that blocks. Without it, calls are awaited. */
  readonly blocking?: (peer: Peer) => Blocking;
}

/** A session whose calls wait, and which decides when the other side's are carried out. */
export interface Blocking extends Session, Turns {}
