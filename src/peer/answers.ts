import { DynobotError } from '../errors.js';
import { referenceOf } from '../proxies/reference.js';

/** Calls of the other side that we are still working on. */
export class Answers {
  /** The value: whether the answer is still wanted. */
  readonly #open = new Map<number, boolean>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#open.size;
  }

  open(call: number): void {
    if (this.#open.size >= this.most) throw new DynobotError('ERR_DYNOBOT_LIMIT', `no more than ${this.most} calls at a time (limits.calls)`);
    this.#open.set(call, true);
  }

  /** The other side does not want the answer any more. It may have been sent already. */
  abort(call: number): void {
    if (this.#open.has(call)) this.#open.set(call, false);
  }

  /** Ends the work on a call. Returns whether the answer is wanted. */
  close(call: number): boolean {
    const wanted = this.#open.get(call) ?? false;
    this.#open.delete(call);
    return wanted;
  }

  clear(): number {
    const { size } = this.#open;
    this.#open.clear();
    return size;
  }
}

/** Whether a result is still to come. Proxies are not asked for `then`: they have none, and what they had would be the peer's. */
export function isPending(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || referenceOf(value) !== undefined) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}
