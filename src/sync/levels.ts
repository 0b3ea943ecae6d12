import type { Incoming } from '../peer/receiver.js';
import type { Thrown } from '../proxies/outcome.js';
import { OPERATION } from '../wire.js';

/** One call for which this process stands still, and what belongs to it. */
export class Level {
  call = 0;
  /** What it has come to, once it is answered. */
  outcome: { readonly value: unknown } | undefined;
  /** The first error of something that belongs to it. */
  thrown: Thrown | undefined;
  readonly #tasks: Incoming[] = [];

  add(incoming: Incoming): void {
    this.#tasks.push(incoming);
  }

  next(): Incoming | undefined {
    return this.#tasks.shift();
  }

  /** What has not been served. */
  rest(): Incoming[] {
    return this.#tasks.splice(0);
  }
}

/** The calls for which this process stands still: each but the first was made by something that belongs to one below. */
export class Levels {
  readonly #all: Level[] = [];

  get depth(): number {
    return this.#all.length;
  }

  get top(): Level | undefined {
    return this.#all.at(-1);
  }

  has(call: number): boolean {
    return this.#all.some((level) => level.call === call);
  }

  push(level: Level): void {
    this.#all.push(level);
  }

  /** Ends the last one. Returns what of it was not served. */
  pop(): Incoming[] {
    return this.#all.pop()!.rest();
  }

  /**
   * The level to serve a call at: that of the call of ours in whose course it was made. Another process that stands still
   * until we answer is served at once, too: it may be what ours waits for, unless that is answered. The rest is for the event loop.
   */
  for(incoming: Incoming): Level | undefined {
    const { course } = incoming;
    if (course === undefined) return undefined;
    const own = course <= 0 ? undefined : this.#all.find((level) => level.call === course);
    if (own !== undefined) return own;
    return isAwaited(incoming) && this.top?.outcome === undefined ? this.top : undefined;
  }
}

/** Whether another process stands still until it is answered; for an event nobody does. */
export function isAwaited({ call, course, entry, request }: Incoming): boolean {
  return course !== undefined && call !== 0 && !(request.operation === OPERATION.apply && entry.listens);
}
