interface Waiter<T> {
  resolve(value: T | PromiseLike<T>): void;
  reject(error: unknown): void;
}

const leaving = new WeakMap<object, () => void>();

/**
 * Those of all sessions who wait for the same thing, which may never come. Each can leave by itself: a reaction of a promise
 * could not be taken back, and would stay after the session that asked.
 */
export class Waiters<T> {
  readonly #all = new Set<Waiter<T>>();

  /** What `leaverOf` knows how to leave. */
  wait(): Promise<T> {
    let waiter!: Waiter<T>;
    const outcome = new Promise<T>((resolve, reject) => (waiter = { resolve, reject }));
    this.#all.add(waiter);
    leaving.set(outcome, leaver(this.#all, waiter));
    return outcome;
  }

  resolve(value: T): void {
    for (const waiter of this.#takeAll()) waiter.resolve(value);
  }

  reject(error: unknown): void {
    for (const waiter of this.#takeAll()) waiter.reject(error);
  }

  #takeAll(): Waiter<T>[] {
    const all = [...this.#all];
    this.#all.clear();
    return all;
  }
}

/** Made apart from what makes the promise: closures of one scope share what they hold. */
function leaver<T>(all: Set<Waiter<T>>, waiter: Waiter<T>): () => void {
  return () => void all.delete(waiter);
}

/** How to wait no longer for a result that is still to come, if it is one of those; it is then never settled. */
export function leaverOf(result: object): (() => void) | undefined {
  return leaving.get(result);
}
