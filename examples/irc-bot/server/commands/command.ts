import type { Network } from '../network.js';
import type { User } from '../user.js';

/** One thing that a user may ask of the server. */
export interface Command {
  /** How many parameters it cannot do without. */
  readonly needs: number;
  /** True when it may come before the user has registered. */
  readonly early?: boolean;
  run(network: Network, user: User, params: readonly string[]): void;
}

export type Commands = Readonly<Record<string, Command>>;
