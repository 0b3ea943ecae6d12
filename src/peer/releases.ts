import { VERB, type ReleaseMessage } from '../wire.js';

/** Receipts to give back, gathered until the next frame: thousands of proxies are collected at once. */
export class Releases {
  #pending = new Map<number, number>();

  get size(): number {
    return this.#pending.size;
  }

  add(id: number, receipts: number): void {
    this.#pending.set(id, (this.#pending.get(id) ?? 0) + receipts);
  }

  /** The message that gives back all of it, if there is any. */
  take(): ReleaseMessage | undefined {
    if (this.#pending.size === 0) return undefined;
    const message: ReleaseMessage = [VERB.release];
    for (const [id, receipts] of this.#pending) message.push(id, receipts);
    this.#pending = new Map();
    return message;
  }
}
