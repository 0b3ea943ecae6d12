import { VERB, type ReleaseMessage } from '../wire.js';

/** Receipts to give back, gathered until the next frame: thousands of proxies are collected at once. */
export class Releases {
  #pending: ReleaseMessage | undefined;

  add(id: number, receipts: number): void {
    this.#pending ??= [VERB.release];
    this.#pending.push(id, receipts);
  }

  /** The message that gives back all of it, if there is any. */
  take(): ReleaseMessage | undefined {
    const message = this.#pending;
    this.#pending = undefined;
    return message;
  }
}
