import { callable } from './check.js';
import { Carried, DROPPED, Holder } from './carrier.js';
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
 * Holds the signal and its listeners weakly. Each side's table keeps what the other may still call: the watch here, the
 * callback there, and with it the stand-in. A signal that its own process has dropped cannot abort any more, and that frees
 * all of it.
 */
class SignalWatch extends Holder implements Watch {
  readonly #signal: WeakRef<AbortSignal>;
  #listeners: WeakRef<() => void>[] = [];

  constructor(signal: AbortSignal) {
    super();
    this.#signal = new WeakRef(signal);
  }

  aborted(callback: (reason: unknown) => unknown): void {
    const told = callable(callback);
    const tell = (): void => void told(this.#signal.deref()?.reason);
    const signal = this.#signal.deref();
    if (signal?.aborted === true) return tell();
    signal?.addEventListener('abort', tell, { once: true });
    this.#listeners.push(new WeakRef(tell));
  }

  [DROPPED](): void {
    for (const listener of this.#listeners) {
      const tell = listener.deref();
      if (tell !== undefined) this.#signal.deref()?.removeEventListener('abort', tell);
    }
    this.#listeners = [];
  }
}

/** Lost with its session, the signal stays as it is. */
function follow(watch: Watch, controller: AbortController): void {
  void Promise.resolve(watch.aborted((reason) => controller.abort(reason))).catch(() => {});
}
