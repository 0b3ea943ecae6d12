import { Round } from '../node/round.js';

/** A piece of a body; null is its end. */
export type Piece = Buffer | null;

interface Taker {
  give(piece: Piece): void;
}

/**
 * Gives a request the pieces of its body. Node's parser gives each in a callback of its own, the end too: all that the handler
 * does about one, its ticks and promises included, is over before the next one comes. Here several come in one message, so
 * each has a turn of the event loop.
 */
export class Arrival {
  readonly #waiting: Piece[] = [];
  #hasGivenInThisTurn = false;
  /** Bytes that wait. */
  size = 0;

  constructor(private readonly taker: Taker) {}

  /** Whether there are pieces that were not given yet. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  add(piece: Piece): void {
    if (!this.#hasGivenInThisTurn) return this.#give(piece);
    this.#waiting.push(piece);
    this.size += piece?.length ?? 0;
  }

  /** There will be no other turn. */
  flush(): void {
    this.size = 0;
    for (const piece of this.#waiting.splice(0)) this.taker.give(piece);
  }

  #give(piece: Piece): void {
    this.#hasGivenInThisTurn = true;
    // Before it is given: what the handler throws is its own affair.
    if (piece !== null) Round.join(this);
    this.taker.give(piece);
  }

  nextTurn(): void {
    this.#hasGivenInThisTurn = false;
    const piece = this.#waiting.shift();
    if (piece === undefined) return;
    this.size -= piece?.length ?? 0;
    this.#give(piece);
  }
}
