import { borrowEncoder, returnEncoder, type CompactEncoder } from '../compact/encoder.js';
import type { Limits } from '../limits.js';
import type { Reference } from '../proxies/reference.js';
import { flatValues } from '../values/flat.js';
import { VERB, type Operation, type Packed } from '../wire.js';
import { beginning, plainMessage } from './call-text.js';
import { FULL, type Outbox, type Unfinished } from './outbox.js';
import type { References } from './references.js';

/** So many calls are worth an attachment. Found by measurement. */
const ENOUGH = 8;
/** A series of so many bytes is finished: the calls of one are carried out without a pause. */
const FINISHED = 4_000;
/** A call with longer arguments, in characters and values, goes by itself. */
const LONGEST = 1024;

const NONE: readonly Uint8Array[] = [];

/**
 * Calls without answers that follow one another in one turn and differ in nothing but their arguments, as the events of a burst
 * do, become one message: what is the same for all of them is said once, the names of properties too.
 *
 * The first of them goes by itself. The others are gathered, and what is said after them is sent after them: the outbox sees
 * to that. If they are few, each is a message nevertheless.
 */
export class Series implements Unfinished {
  // The latest call, but for its arguments.
  #to: Reference | undefined;
  #operation: Operation = 0;
  #name: string | 0 = 0;
  #receiver: unknown;
  /** Where the outbox is if nothing has come between that call and the next one. */
  #place = -1;
  /** The arguments of calls that were gathered, and, once they are enough, what these and all others are encoded by. */
  #gathered: Packed[][] = [];
  #encoder: CompactEncoder | undefined;
  /** How the first message ends. */
  #closing = '';
  /** No series comes near the limits for one message. */
  readonly #isAllowed: boolean;

  constructor(
    private readonly outbox: Outbox,
    private readonly references: References,
    { frame, queue, elements }: Limits,
  ) {
    outbox.turned = () => this.#forget();
    this.#isAllowed = Math.min(frame, queue) >= 8 * FULL && elements >= LONGEST;
  }

  get #hasBegun(): boolean {
    return this.#gathered.length > 0 || this.#encoder !== undefined;
  }

  /** Takes a call in, if it is one more of the same. If not, it is to be sent by itself, at once. */
  takes(to: Reference, operation: Operation, name: string | 0, args: readonly unknown[], receiver: unknown): boolean {
    const mayTake = this.#isAllowed && !this.outbox.holds && this.#isNext(to, operation, name, receiver);
    const values = mayTake ? flatValues(args, LONGEST) : undefined;
    // A getter may have sent something, or have tried to, or have ended the session.
    const taken = values !== undefined && this.#isNext(to, operation, name, receiver) && this.#take(values);
    if (!taken) this.#startAfter(to, operation, name, receiver);
    this.#place = this.outbox.place + (taken ? 0 : 1);
    return taken;
  }

  #startAfter(to: Reference, operation: Operation, name: string | 0, receiver: unknown): void {
    this.outbox.finish();
    this.#to = to;
    this.#operation = operation;
    this.#name = name;
    this.#receiver = receiver;
  }

  #isNext(to: Reference, operation: Operation, name: string | 0, receiver: unknown): boolean {
    return this.#place === this.outbox.place && this.#to === to && this.#receiver === receiver && this.#operation === operation && this.#name === name;
  }

  #take(values: Packed[]): boolean {
    if (this.outbox.closed || (!this.#hasBegun && !this.#begin())) return false;
    if (this.#encoder === undefined) this.#gather(values);
    else this.#add(this.#encoder, values);
    return true;
  }

  #begin(): boolean {
    const closing = this.references.closing(this.#receiver);
    if (closing === undefined) return false;
    this.outbox.begin(this);
    this.#closing = closing;
    return true;
  }

  #gather(values: Packed[]): void {
    if (this.#gathered.push(values) < ENOUGH) return;
    this.#encoder = borrowEncoder();
    for (const one of this.#gathered.splice(0)) this.#encoder.value(one);
  }

  #add(encoder: CompactEncoder, values: Packed[]): void {
    encoder.value(values);
    if (encoder.size < FINISHED) return;
    this.outbox.finish();
    this.outbox.flushText();
  }

  finish(): void {
    const encoder = this.#encoder;
    if (encoder === undefined) return this.#pushEach(this.#gathered.splice(0));
    this.#encoder = undefined;
    const bytes = encoder.finish(Infinity)!;
    returnEncoder(encoder);
    this.outbox.push(`[${VERB.series},${this.#to!.id},${this.#operation},${JSON.stringify(this.#name)}${this.#closing}`, [bytes]);
  }

  #pushEach(all: readonly Packed[][]): void {
    const head = beginning(0, this.#to!, this.#operation, this.#name);
    all.forEach((values, i) => {
      // Each is a receipt of its receiver.
      const closing = i === 0 ? this.#closing : this.references.closing(this.#receiver)!;
      this.outbox.push(plainMessage(head, JSON.stringify(values).slice(1, -1), closing), NONE);
    });
  }

  #forget(): void {
    this.#to = this.#receiver = undefined;
    this.#place = -1;
  }
}
