import type { LocalExchange } from './local-exchange.js';

/** The exchanges on one connection. They are answered in the order in which they came, however many were sent at once. */
export class Turns {
  readonly #all: LocalExchange[] = [];
  readonly #waiting: LocalExchange[] = [];
  current: LocalExchange | undefined;
  /** There has been a request on it. */
  hasBegun = false;

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Only of that something of the request may still be to come. */
  get newest(): LocalExchange | undefined {
    return this.#all.at(-1);
  }

  /** Whether some of them still get pieces of their bodies. */
  isArriving(areComplete: boolean): boolean {
    return this.#all.some((exchange) => exchange.isArriving(areComplete));
  }

  /** The last one that would be answered, wholly or in part, if nothing more were written: it is whole, or those before it are. */
  get lastAnswered(): LocalExchange | undefined {
    if (this.current?.isAnswered !== true) return undefined;
    let last = this.current;
    for (const next of this.#waiting) {
      if (!last.res!.writableEnded || !next.isAnswered) break;
      last = next;
    }
    return last;
  }

  isWaiting(exchange: LocalExchange): boolean {
    return this.#waiting.includes(exchange);
  }

  /** Pieces of bodies that were given to those that are not over. */
  get given(): number {
    return this.#all.reduce((sum, { given }) => sum + given, 0);
  }

  add(exchange: LocalExchange): void {
    this.#all.push(exchange);
    this.hasBegun = true;
  }

  /** Whether its turn is now. */
  wait(exchange: LocalExchange): boolean {
    if (this.current !== undefined) this.#waiting.push(exchange);
    else this.current = exchange;
    return this.current === exchange;
  }

  /** It has had its turn, or needs none any more. Returns the one whose turn begins by that. */
  end(exchange: LocalExchange): LocalExchange | undefined {
    if (this.current === exchange) return (this.current = this.#waiting.shift());
    const at = this.#waiting.indexOf(exchange);
    if (at >= 0) this.#waiting.splice(at, 1);
    return undefined;
  }

  delete(exchange: LocalExchange): void {
    const at = this.#all.indexOf(exchange);
    if (at >= 0) this.#all.splice(at, 1);
  }

  [Symbol.iterator](): Iterator<LocalExchange> {
    return this.#all[Symbol.iterator]();
  }
}
