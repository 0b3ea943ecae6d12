import { isDeepStrictEqual, inspect } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE } from './deadline.js';

/** Asks again and again until the answer is as expected; returns how many milliseconds that took. */
export async function eventually<T>(what: string, ask: () => T | Promise<T>, expected: T, ms = PATIENCE): Promise<number> {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    const elapsed = performance.now() - start;
    if (isDeepStrictEqual(answer, expected)) return elapsed;
    if (elapsed > ms) throw new Error(`After ${ms} ms ${what} is still ${inspect(answer)}, not ${inspect(expected)}`);
    await pause(2);
  }
}
