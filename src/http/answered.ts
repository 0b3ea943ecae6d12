import type { LocalExchange } from './local-exchange.js';
import type { Turns } from './turns.js';
import type { Writing } from './writing.js';

/** What had been answered on a connection at one moment: the last response that was begun, and how much of it was written. */
export class Answered {
  /** What the connection will have sent then; known from the turn of that response on. */
  #upTo: number | undefined;

  constructor(
    private readonly last: LocalExchange,
    private readonly turns: Turns,
    private readonly writing: Writing,
  ) {
    // All of one that is whole: until it has ended there may be more to come of what was written.
    if (last.res!.writableEnded) this.#upTo = Infinity;
  }

  get isSent(): boolean {
    const { last, turns } = this;
    if (last.socket.destroyed || last.isTaken) return true;
    if (turns.current !== last) return !turns.isWaiting(last);
    // Its turn begins just now.
    if (last.res!.socket !== last.socket) return false;
    this.#upTo ??= last.socket.writtenUpTo;
    return this.writing.hasSent(this.#upTo);
  }
}
