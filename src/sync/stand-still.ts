import { isMainThread } from 'node:worker_threads';
import { Script } from 'node:vm';

/** Milliseconds after which a person may want to interrupt. */
const PATIENCE = 100;
/** Longest sleep at a time, in milliseconds. */
const NAP = 1_000;

/** Milliseconds slept since something last came: who wakes for something else in between does not begin anew. */
let inVain = 0;

/**
 * Stands still until `numbers[at]` is not `value`, or somebody notifies it, or `ms` have passed; or for a while, so the
 * caller has to look again. It does not do so again and again before it sleeps: on a busy machine that keeps the very thread
 * from running which is waited for.
 */
export function standStill(numbers: Int32Array, at: number, value: number, ms: number): void {
  const isShort = inVain < PATIENCE;
  const nap = Math.min(ms, isShort ? PATIENCE - inVain : NAP);
  const sleep = (): void => {
    inVain = Atomics.wait(numbers, at, value, nap) === 'timed-out' ? inVain + nap : 0;
  };
  if (isShort) sleep();
  else interruptible(sleep);
}

const SLEEP = Symbol.for('dynobot.sleep');
const sleeping = globalThis as unknown as Record<symbol, unknown>;
const script = new Script(`globalThis[Symbol.for('dynobot.sleep')]()`);

/**
 * Sleeps so that Ctrl-C is noticed. Without a handler of the program's, it ends the process, as ever. With one, Node would
 * call it only when the event loop is reached: so the sleep is interrupted, and the handler called from here.
 */
function interruptible(sleep: () => void): void {
  if (!isMainThread || process.listenerCount('SIGINT') === 0) return sleep();
  sleeping[SLEEP] = sleep;
  try {
    script.runInThisContext({ breakOnSigint: true });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    process.emit('SIGINT', 'SIGINT');
  } finally {
    delete sleeping[SLEEP];
  }
}
