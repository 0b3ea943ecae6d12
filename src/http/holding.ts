import type { Exchange } from './exchange.js';
import type { Gateway } from './gateway.js';

/** One session's hold on an exchange, by a number of its own. */
export class Holding {
  readonly number: number;
  /** Bytes of the body that were sent to it and that it has not read yet. */
  unread = 0;
  /** Bytes of its answer that the client's connection has not taken yet. */
  unwritten = 0;
  /** Messages that mention it and were not dropped. */
  mentions = 0;

  constructor(
    readonly gateway: Gateway,
    readonly exchange: Exchange,
  ) {
    this.number = gateway.take(this);
  }

  tell(what: string, ...args: unknown[]): void {
    this.gateway.tell(what, [this.number, ...args]);
  }
}
