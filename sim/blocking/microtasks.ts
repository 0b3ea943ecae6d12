import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';

setFlagsFromString('--allow-natives-syntax');

/**
 * Runs what promises have set off, here and now, although somebody stands still further down the stack: hosts and relays go
 * on meanwhile. It does nothing while promises' reactions run, so a run must not begin in one.
 */
export const runMicrotasks = runInThisContext('() => %PerformMicrotaskCheckpoint()') as () => void;

/** Runs `task` outside of any promise's reaction. */
export function outsideMicrotasks<T>(task: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(task());
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}
