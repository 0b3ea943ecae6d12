import { VERB } from '../wire.js';
import type { Outbox, Unfinished } from './outbox.js';

const NONE: readonly Uint8Array[] = [];
/** So many are sent at once, so that the other side can go on: their message is short, however many they are. */
const MANY = 256;

/** Answers without a value, as most callbacks and many methods have them: those to calls in a row become one message. */
export class Returns implements Unfinished {
  #first = 0;
  #count = 0;

  constructor(private readonly outbox: Outbox) {}

  add(call: number): void {
    if (this.#count === 0 || call !== this.#first + this.#count) this.#begin(call);
    if (++this.#count < MANY) return;
    this.outbox.finish();
    this.outbox.flushText();
  }

  #begin(call: number): void {
    this.outbox.begin(this);
    this.#first = call;
  }

  finish(): void {
    const message = this.#count === 1 ? `[${VERB.return},${this.#first}]` : `[${VERB.returns},${this.#first},${this.#count}]`;
    this.#count = 0;
    this.outbox.push(message, NONE);
  }
}
