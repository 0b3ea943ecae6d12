import type { Exchange } from './exchange.js';
import type { Gateway } from './gateway.js';

/**
 * When a client has ended its side, or has sent what is not HTTP, Node closes the connection; but a handler that answers at
 * once has answered by then what came before. So handlers in other processes are asked whether they have had what they are
 * to have, and until then the connection stays.
 */
export class Settling {
  readonly #asked = new Set<Gateway>();
  readonly #settled = new Set<Gateway>();
  #waiting: (() => void)[] = [];

  constructor(
    private readonly socketId: number,
    private readonly exchanges: readonly Exchange[],
  ) {}

  wait(then: () => void): void {
    this.#waiting.push(then);
    // Requests that came just before are sent by then.
    setImmediate(() => this.look());
  }

  settled(gateway: Gateway): void {
    if (this.#asked.has(gateway)) this.#settled.add(gateway);
    this.look();
  }

  /** Something may have become of an exchange. */
  look(): void {
    if (this.#waiting.length > 0 && this.#isSettled()) for (const then of this.#waiting.splice(0)) then();
  }

  #isSettled(): boolean {
    let isSettled = true;
    // The last one first: only of that something may be missing.
    for (const exchange of this.exchanges.toReversed()) {
      isSettled &&= !exchange.isGoingOut;
      for (const gateway of exchange.gateways) {
        if (!this.#asked.has(gateway)) {
          this.#asked.add(gateway);
          gateway.tell('settle', [this.socketId, exchange.req.complete]);
        }
        isSettled &&= this.#settled.has(gateway);
      }
    }
    return isSettled;
  }
}
