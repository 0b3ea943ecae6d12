import { disconnected } from '../errors.js';
import { referenceOf, type Reference } from '../proxies/reference.js';
import { OPERATION } from '../wire.js';
import type { Export } from './exports.js';
import type { Request } from './perform.js';

/** What a value of ours is itself a stand-in for, unless what is asked is done here: what it attaches must be in our ledger. */
export function relayedBy({ value, shape, withdrawn }: Export, { operation, name }: Request): Reference | undefined {
  const to = withdrawn ? undefined : referenceOf(value);
  const listens = to !== undefined && operation === OPERATION.method && shape?.listening[name as string] !== undefined;
  return listens ? undefined : to;
}

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
