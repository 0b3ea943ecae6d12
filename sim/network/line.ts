import type { Clock } from '../clock.js';
import type { Dice } from '../dice.js';

/** How bytes travel in a run. */
export interface Manner {
  /** The longest delay of a piece, in virtual milliseconds. */
  readonly delay: number;
  /** How often a piece is split, and how often pieces arrive together. */
  readonly split: number;
  readonly merge: number;
}

export interface LineSink {
  bytes(chunk: Uint8Array): void;
  /** Nothing more will come. */
  ended(): void;
}

/** Bytes in one direction: in order, late, split anywhere; until the line is closed, or cut in the middle of a byte string. */
export class Line {
  #queue: Uint8Array[] = [];
  /** Bytes that still arrive, once the line is cut. */
  #remaining = Infinity;
  #closing = false;
  #over = false;
  #moving = false;

  constructor(
    private readonly clock: Clock,
    private readonly dice: Dice,
    private readonly manner: Manner,
    private readonly sink: LineSink,
  ) {}

  send(bytes: Uint8Array): void {
    if (this.#closing || this.#remaining < Infinity) return;
    this.#queue.push(bytes);
    this.#move();
  }

  /** Ends after what was sent. */
  close(): void {
    this.#closing = true;
    this.#move();
  }

  /** Ends without what is under way. */
  abandon(): void {
    if (this.#remaining < Infinity) return;
    this.#queue = [];
    this.close();
  }

  /** Ends at some byte of what is under way. */
  cut(): void {
    if (this.#remaining < Infinity) return;
    const underway = this.#queue.reduce((sum, { length }) => sum + length, 0);
    this.#remaining = this.dice.integer(0, underway);
    this.#move();
  }

  #move(): void {
    if (this.#moving || this.#over) return;
    this.#moving = true;
    this.clock.after(this.dice.next() * this.manner.delay, () => {
      this.#moving = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#over) return;
    const piece = this.#piece();
    if (piece === undefined) return this.#end();
    this.#remaining -= piece.length;
    this.sink.bytes(piece);
    if (this.#queue.length > 0 || this.#closing || this.#remaining < Infinity) this.#move();
  }

  #piece(): Uint8Array | undefined {
    let piece = this.#queue.shift();
    if (piece === undefined || this.#remaining <= 0) return undefined;
    while (this.#queue.length > 0 && this.dice.chance(this.manner.merge)) piece = joined(piece, this.#queue.shift()!);
    let length = Math.min(piece.length, this.#remaining);
    if (length > 1 && this.dice.chance(this.manner.split)) length = this.dice.integer(1, length - 1);
    if (length < piece.length) this.#queue.unshift(piece.subarray(length));
    return piece.subarray(0, length);
  }

  #end(): void {
    if (!this.#closing && this.#remaining > 0) return;
    this.#over = true;
    this.sink.ended();
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
