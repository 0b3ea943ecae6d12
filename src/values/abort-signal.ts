import { callable } from './check.js';
import { Carried } from './carrier.js';
import type { Kind } from './kind.js';

interface Watch {
  /** Calls back once, when the signal is aborted. */
  aborted(callback: (reason: unknown) => unknown): unknown;
}

const signals = new Carried<AbortSignal, Watch>();

export const abortSignal: Kind<AbortSignal, [watch: Watch, aborted: boolean, reason: unknown]> = {
  tag: 'AbortSignal',
  is: (value) => value instanceof AbortSignal,
  head: (signal) => [signals.carrier(signal, () => new SignalWatch(signal)), signal.aborted, signal.aborted ? signal.reason : undefined],
  create: ([carrier, aborted, reason]) =>
    signals.value(carrier, () => {
      const controller = new AbortController();
      if (aborted) controller.abort(reason);
      else follow(carrier, controller);
      return controller.signal;
    }),
};

/**
 * Holds the signal weakly, and what listens to it not at all: a session attaches to the watch as to any emitter, so that
 * its ledger knows of it and its end detaches it (`listening-styles.ts` declares the pair). A signal that its own process
 * has dropped cannot abort any more, and that frees all of it.
 */
export class SignalWatch implements Watch {
  readonly #signal: WeakRef<AbortSignal>;
  readonly #listeners = new WeakMap<object, () => void>();

  constructor(signal: AbortSignal) {
    this.#signal = new WeakRef(signal);
  }

  aborted(callback: (reason: unknown) => unknown): void {
    const told = callable(callback);
    const tell = (): void => void told(this.#signal.deref()?.reason);
    const signal = this.#signal.deref();
    if (signal?.aborted === true) return tell();
    signal?.addEventListener('abort', tell, { once: true });
    this.#listeners.set(callback, tell);
  }

  forget(callback: (reason: unknown) => unknown): void {
    const tell = this.#listeners.get(callback);
    if (tell !== undefined) this.#signal.deref()?.removeEventListener('abort', tell);
  }
}

/** Lost with its session, the signal stays as it is. */
function follow(watch: Watch, controller: AbortController): void {
  callable(watch.aborted);
  ask(() => watch.aborted((reason) => controller.abort(reason))).catch(() => {});
}

/** What the other side does is its own. */
async function ask(question: () => unknown): Promise<unknown> {
  return question();
}
