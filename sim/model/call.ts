import type { Link } from '../network/link.js';
import { take } from '../program/arrivals.js';
import type { Program } from '../program/program.js';
import type { Thing } from '../program/things.js';
import type { World } from '../world.js';

export type Outcome = { readonly returns: unknown } | 'throws' | 'cannot cross';

/** Why a call may fail although nobody threw. */
export type Excuse = 'ERR_DYNOBOT_TIMEOUT' | 'AbortError' | 'ERR_DYNOBOT_NO_SERVICE' | 'ERR_DYNOBOT_UNCLONABLE' | 'ERR_DYNOBOT_RELEASED';

export interface CallDetails {
  readonly how: 'call' | 'get' | 'set';
  readonly from: Program;
  readonly to: Thing;
  readonly payload?: unknown;
  /** Given as the `this` of a function. */
  readonly receiver?: Thing | undefined;
}

/** One call, from the moment of its making to its outcome. */
export class Call {
  readonly how: CallDetails['how'];
  readonly from: Program;
  readonly to: Thing;
  readonly payload: unknown;
  readonly receiver: Thing | undefined;
  readonly path: readonly Link[];
  readonly excuses = new Set<Excuse>();
  stage: 'made' | 'arrived' | 'carried out' = 'made';
  settled = false;
  outcome: Outcome | undefined;

  constructor(
    private readonly world: World,
    readonly number: number,
    { how, from, to, payload, receiver }: CallDetails,
  ) {
    this.how = how;
    this.from = from;
    this.to = to;
    this.payload = payload;
    this.receiver = receiver;
    this.path = from.pathTo(to.home);
  }

  get name(): string {
    return `${this.how} ${this.number} of ${this.to.name} by ${this.from.name}`;
  }

  /** Nobody may want the answer when it comes. */
  get mayBeGivenUp(): boolean {
    return this.excuses.has('ERR_DYNOBOT_TIMEOUT') || this.excuses.has('AbortError');
  }

  /** The code of the called value runs. */
  carriedOut(on: Thing): void {
    if (on !== this.to) this.world.problem('premature', `${this.name} reached ${on.name}`);
    if (this.stage !== 'arrived') this.world.problem('misordered', `${this.name} is carried out when it is ${this.stage}`);
    this.stage = 'carried out';
  }

  returned(value: unknown): void {
    this.#settle();
    const { outcome } = this;
    if (typeof outcome !== 'object') return this.world.problem('errors', `${this.name} returned, but ${outcome ?? 'nobody answered it'}`);
    take(this.from, value, { sent: outcome.returns, from: this.to.home, what: this.name });
  }

  threw(error: unknown): void {
    this.#settle();
    if (this.#isExcused(error)) return;
    const early = codeOf(error) === 'ERR_DYNOBOT_RELEASED';
    this.world.problem(early ? 'premature' : 'errors', `${this.name} failed: ${(error as Error)?.stack ?? String(error)}`);
  }

  #isExcused(error: unknown): boolean {
    const code = codeOf(error);
    if (this.outcome === 'throws' && (error as Error).message === `thrown by ${this.number}`) return true;
    if (this.outcome === 'cannot cross' && code === 'ERR_DYNOBOT_UNCLONABLE') return true;
    return this.excuses.has(code as Excuse) || (code === 'ERR_DYNOBOT_DISCONNECTED' && this.path.some((link) => link.ending));
  }

  #settle(): void {
    if (this.settled) this.world.problem('misordered', `${this.name} is settled twice`);
    this.settled = true;
    this.world.trace?.(`${this.name} is settled`);
  }
}

function codeOf(error: unknown): string | undefined {
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : name;
}
