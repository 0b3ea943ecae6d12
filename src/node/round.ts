/** Who has asked for a turn of the event loop. */
interface Taker {
  nextTurn(): void;
}

/** Milliseconds for which what is to be sent waits for turns to come. */
const PATIENCE = 1;

/**
 * Turns of the event loop that come one right after the other: each has its ticks and promises before the next one begins.
 * What is to be sent by then goes out together, when the last of them is over. If they take long, it does not wait.
 */
export class Round {
  /** Takes those in who ask for a turn. */
  static #next: Round | undefined;
  /** Has turns to come, and what is to be sent may wait for them. */
  static #current: Round | undefined;

  #left = 0;
  #end = 0;
  #send: (() => void) | undefined;

  static join(taker: Taker): void {
    const round = (Round.#next ??= new Round());
    round.#left++;
    setImmediate(Round.#turn, round, taker);
  }

  /** Whether `send` is to wait: then it is called when the round is over. */
  static mayWait(send: () => void): boolean {
    if (Round.#current === undefined) return false;
    Round.#current.#send = send;
    return true;
  }

  static readonly #turn = (round: Round, taker: Taker): void => {
    if (Round.#next === round) round.#begin();
    const mayWait = --round.#left > 0 && performance.now() < round.#end;
    Round.#current = mayWait ? round : undefined;
    // Before the turn is taken: what the taker throws is its own affair.
    if (!mayWait) round.#over();
    taker.nextTurn();
  };

  #begin(): void {
    Round.#next = undefined;
    this.#end = performance.now() + PATIENCE;
  }

  /** What waits is sent after this turn and its ticks. */
  #over(): void {
    const send = this.#send;
    this.#send = undefined;
    if (send !== undefined) queueMicrotask(() => process.nextTick(send));
  }
}
