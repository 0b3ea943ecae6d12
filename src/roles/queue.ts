import type { RoleEvent } from './role-event.js';

/** Events in the order of their emission. */
export class Queue {
  #events: RoleEvent[] = [];
  /** Where the first one is: to shift an array moves all that is in it. */
  #head = 0;
  #bytes = 0;

  /** An estimate of what their arguments take. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#events.length - this.#head;
  }

  first(): RoleEvent | undefined {
    return this.#events[this.#head];
  }

  push(event: RoleEvent): void {
    this.#events.push(event);
    this.#bytes += event.bytes;
  }

  shift(): RoleEvent | undefined {
    const event = this.#events[this.#head];
    if (event === undefined) return undefined;
    this.#bytes -= event.bytes;
    this.#events[this.#head++] = undefined as unknown as RoleEvent;
    if (this.#head > 1000 && this.#head * 2 > this.#events.length) this.#compact();
    return event;
  }

  /** Events that may be older than those that wait. */
  merge(events: readonly RoleEvent[]): void {
    if (events.length === 0) return;
    for (const { bytes } of events) this.#bytes += bytes;
    this.#compact();
    this.#events = [...events, ...this.#events].sort((a, b) => a.number - b.number);
  }

  takeAll(): RoleEvent[] {
    this.#compact();
    const all = this.#events;
    this.#events = [];
    this.#bytes = 0;
    return all;
  }

  remove(event: RoleEvent): void {
    const place = this.#events.indexOf(event, this.#head);
    if (place < 0) return;
    this.#events.splice(place, 1);
    this.#bytes -= event.bytes;
  }

  *[Symbol.iterator](): Iterator<RoleEvent> {
    for (let i = this.#head; i < this.#events.length; i++) yield this.#events[i]!;
  }

  #compact(): void {
    if (this.#head > 0) this.#events.splice(0, this.#head);
    this.#head = 0;
  }
}
