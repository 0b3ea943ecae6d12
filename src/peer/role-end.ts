import type { Ledger } from '../listeners/ledger.js';
import type { Reference, Session } from '../proxies/reference.js';
import type { RoleStep } from '../wire.js';
import type { DynobotError } from '../errors.js';

/** What listeners have made of an event. */
export interface Outcome {
  /** What of it is still being worked on. */
  readonly works: readonly PromiseLike<unknown>[];
  /** One of them has thrown: this process may be about to end. */
  readonly threw: boolean;
}

/** What one end of a session does for a role. What the other side must not say is thrown as a protocol error. */
export interface RoleEnd {
  /** An event of the role has come; `run` gives it to its listeners. */
  event(number: number, run: () => Outcome): void;
  handled(taken: unknown, begun: unknown, settled: unknown): void;
  step(step: RoleStep, value: unknown): void;
}

/** What a role needs of a session. */
export interface RolePost {
  readonly label: string;
  readonly ended: boolean;
  /** What references to the other side's values belong to. */
  readonly session: Session;
  readonly ledger: Ledger;
  /** @throws DynobotError ERR_DYNOBOT_UNCLONABLE, ERR_DYNOBOT_LIMIT */
  event(number: number, listeners: readonly Reference[], args: unknown[], receiver: unknown): void;
  handled(taken: number, begun: number[], settled: number[]): void;
  step(step: RoleStep, value?: unknown): void;
  refused(where: string, error: unknown): void;
  /** Resolves when no call waits for its answer, on either side. */
  idle(): Promise<void>;
  end(reason?: DynobotError): void;
}
