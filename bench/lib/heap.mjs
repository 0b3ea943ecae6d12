import { setTimeout as delay } from 'node:timers/promises';

/** Bytes in use once nothing more can be collected: finalizers run between collections, and free more. */
export async function settledHeap() {
  let used = Infinity;
  for (let round = 0; round < 8; round++) {
    gc();
    await delay(15);
    const now = process.memoryUsage().heapUsed;
    if (now > used - 10_000) return Math.min(now, used);
    used = now;
  }
  return used;
}
