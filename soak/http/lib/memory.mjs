import { setTimeout as pause } from 'node:timers/promises';

/** What this process uses when its garbage has been collected: bytes. */
export async function settledMemory() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await pause(20);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

/** Follows the resident memory at its highest. */
export class Peak {
  #timer;
  most = 0;

  start() {
    const look = () => { this.most = Math.max(this.most, process.memoryUsage.rss()); };
    look();
    this.#timer = setInterval(look, 20);
  }

  stop() {
    clearInterval(this.#timer);
    return this.most;
  }
}
