import { VERB, type ReleaseMessage } from '../wire.js';

/** A message that is so long is followed by another one, so that none is too long for a frame. */
const LONGEST = 1_000;

/** Receipts to give back, gathered until the next frame: thousands of proxies are collected at once, many of which came in a row. */
export class Releases {
  #pending: ReleaseMessage[] = [];
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
    let message = this.#pending.at(-1);
    if (message === undefined || message.length >= LONGEST) this.#pending.push((message = [VERB.release]));
    message.push(this.#next - this.#count, this.#count, this.#receipts);
    this.#count = 0;
  }

  /** The next of the messages that give back all of it. */
  take(): ReleaseMessage | undefined {
    this.#end();
    return this.#pending.shift();
  }
}
