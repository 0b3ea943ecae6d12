import type { DynobotError } from '../errors.js';
import type { Greeting } from '../wire.js';
import type { GuardedCall } from './policy.js';
import type { RoleEnd } from './role-end.js';
import type { Tables } from './tables.js';

/** Who owns a peer is told of these. None of them may throw. */
export interface PeerOwner {
  /** Who the other side is, for guards. */
  readonly identity?: GuardedCall['session'];
  /** The other side has greeted us. */
  greeted(greeting: Greeting): void;
  /** A service of the other side came (a proxy) or went (undefined). */
  service(name: string, proxy: object | undefined): void;
  /** Something failed that nobody waits for. */
  failed(error: unknown, where: string): void;
  /** So many events for this side were dropped, because it reads too slowly. */
  missed?(count: number): void;
  /** What this end does for a role, if the session has one. */
  readonly role?: RoleEnd | undefined;
  /** The session has ended; everything of it is gone. */
  ended(reason: DynobotError | undefined, cleaned: Tables): void;
}
