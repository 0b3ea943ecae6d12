import { VERB, type ReleaseMessage } from '../wire.js';

/** Receipts to give back, gathered until the next frame: thousands of proxies are collected at once, many of which came in a row. */
export class Releases {
  #pending: ReleaseMessage | undefined;
  // The latest run.
  #next = 0;
  #count = 0;
  #receipts = 0;

  add(id: number, receipts: number): void {
    if (this.#count > 0 && id === this.#next && receipts === this.#receipts) {
      this.#next++;
      this.#count++;
    } else {
      this.#end();
      this.#next = id + 1;
      this.#count = 1;
      this.#receipts = receipts;
    }
  }

  #end(): void {
    if (this.#count === 0) return;
    this.#pending ??= [VERB.release];
    this.#pending.push(this.#next - this.#count, this.#count, this.#receipts);
    this.#count = 0;
  }

  /** The message that gives back all of it, if there is any. */
  take(): ReleaseMessage | undefined {
    this.#end();
    const message = this.#pending;
    this.#pending = undefined;
    return message;
  }
}
