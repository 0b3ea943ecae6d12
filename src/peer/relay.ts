import { disconnected } from '../errors.js';
import type { Reference } from '../proxies/reference.js';
import type { Request } from './perform.js';

/** A call of something that is itself a stand-in here, passed on to the process that has it. */
export class Relay {
  readonly answer: unknown;
  readonly #giving = new AbortController();

  constructor(to: Reference, { operation, name, args, receiver }: Request) {
    this.answer = to.session.call(to, operation, name, args, receiver, { signal: this.#giving.signal });
  }

  /** Nobody waits for the answer any more: that process need not either. */
  readonly giveUp = (): void => this.#giving.abort(disconnected('who has asked has gone, or has given the call up'));
}
