interface Watched {
  readonly calls: Set<number>;
  readonly listener: () => void;
}

/** The signals that our open calls wait within: each has one listener of ours, however many calls it ends. */
export class Signals {
  readonly #watched = new Map<AbortSignal, Watched>();

  constructor(private readonly aborted: (call: number, reason: unknown) => void) {}

  /** The call ends by the signal, which has not aborted yet. Returns what lets go of it. */
  join(signal: AbortSignal, call: number): () => void {
    const { calls } = this.#watched.get(signal) ?? this.#watch(signal);
    calls.add(call);
    return () => this.#leave(signal, call);
  }

  #watch(signal: AbortSignal): Watched {
    const calls = new Set<number>();
    const listener = (): void => {
      // Each call leaves the set as it is given up.
      for (const call of [...calls]) this.aborted(call, signal.reason);
    };
    const watched = { calls, listener };
    this.#watched.set(signal, watched);
    signal.addEventListener('abort', listener, { once: true });
    return watched;
  }

  #leave(signal: AbortSignal, call: number): void {
    const watched = this.#watched.get(signal);
    if (watched === undefined || !watched.calls.delete(call) || watched.calls.size > 0) return;
    this.#watched.delete(signal);
    signal.removeEventListener('abort', watched.listener);
  }
}
