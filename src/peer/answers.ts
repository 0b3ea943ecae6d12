import { limitError } from '../errors.js';
import { referenceOf } from '../proxies/reference.js';

/** Calls of the other side that we are still working on. */
export class Answers {
  /** With what is to be done if nobody waits any more. */
  readonly #open = new Map<number, (() => void) | undefined>();
  /** Told when the last work is done. */
  emptied: (() => void) | undefined;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#open.size;
  }

  /** @param giveUp what ends the work, if the other side gives the call up or goes */
  open(call: number, giveUp?: () => void): void {
    if (this.#open.size >= this.most) throw limitError('CALLS', `no more than ${this.most} calls at a time (limits.calls)`);
    this.#open.set(call, giveUp);
  }

  /** Ends the work on a call. Returns whether it was open: if not, it has had its answer. */
  close(call: number): boolean {
    const wasOpen = this.#open.delete(call);
    if (wasOpen && this.#open.size === 0) this.emptied?.();
    return wasOpen;
  }

  /** The same for a call that is not wanted any more. */
  giveUp(call: number): boolean {
    const giveUp = this.#open.get(call);
    const wasOpen = this.close(call);
    giveUp?.();
    return wasOpen;
  }

  clear(): number {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const giveUp of all) giveUp?.();
    return all.length;
  }
}

/**
 * Whether a result is still to come. Proxies are not asked for `then`: they have none. Data that came from a peer may have
 * one, but to call it would be to run the peer's code.
 */
export function isPending(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || referenceOf(value) !== undefined) return false;
  const { then } = value as { then?: unknown };
  return typeof then === 'function' && referenceOf(then) === undefined;
}
