import type { Platform } from '../platform.js';
import type { Kinds } from '../values/kinds.js';
import type { RoleNews } from './news.js';

/** What roles need of the host that they belong to. None of it may throw. */
export interface RoleHost {
  readonly platform: Platform;
  readonly kinds: Kinds;
  /** Most bytes that may wait for a process that has its turn. */
  readonly mostWaiting: number;
  /** What people call an object: the name of the service, or of the class. */
  nameOf(object: object): string;
  /** Whether clients find the object by a name. */
  isService(object: object): boolean;
  tell<Kind extends keyof RoleNews>(kind: Kind, news: RoleNews[Kind]): void;
  /** Something failed that nobody waits for. */
  failed(error: unknown, where: string): void;
}
