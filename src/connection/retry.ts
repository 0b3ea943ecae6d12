export interface RetryOptions {
  /** Milliseconds, from now on, within which an attempt must begin. */
  readonly within: number;
  /** Ends the wait; what is thrown is then the signal's reason. */
  readonly signal: AbortSignal;
  /** Whether an error will be the same the next time. */
  readonly isFinal: (error: unknown) => boolean;
  /** Whether waiting keeps this process alive. */
  readonly ref: () => boolean;
}

/** The first attempts follow each other quickly: a host that is restarted is often back within a second. */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 200;

/** Attempts something until it succeeds. Throws the last error when that is final, or the time is over. */
export async function retry<T>(attempt: () => Promise<T>, { within, signal, isFinal, ref }: RetryOptions): Promise<T> {
  const { setTimeout: pause } = process.getBuiltinModule('node:timers/promises');
  const end = performance.now() + within;
  for (let ms = FIRST_PAUSE; ; ms = Math.min(ms * 2, LONGEST_PAUSE)) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const left = end - performance.now();
      if (isFinal(error) || left <= 0) throw error;
      await pause(Math.min(ms, left), undefined, { signal, ref: ref() });
    }
  }
}
