import { setImmediate as turn } from 'node:timers/promises';

/** Collects all garbage of this process, and lets finalizers run. Needs `--expose-gc`. */
export async function collectGarbage(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('start the process with --expose-gc');
  // What is on the stack, or only just settled, is let go in a later turn.
  for (let i = 0; i < 3; i++) {
    await turn();
    globalThis.gc();
  }
  await turn();
}
