import { Inbox } from './inbox.js';
import { HIGH_WATER } from './transport.js';
import type { Frame, Transport, TransportReceiver } from './transport.js';

/** Runs a delivery later. May run them in any order: each one delivers whatever frame is the next. */
export type Schedule = (deliver: () => void) => void;

/** Two ends in one process, for tests and simulations. */
export function memoryPair(schedule: Schedule = queueMicrotask): [Transport, Transport] {
  const [left, right] = [new MemoryTransport('memory:left', schedule), new MemoryTransport('memory:right', schedule)];
  left.peer = right;
  right.peer = left;
  return [left, right];
}

const END = Symbol('end');

class MemoryTransport implements Transport {
  readonly isPrivate = true;
  peer!: MemoryTransport;
  readonly name: string;
  readonly #schedule: Schedule;
  readonly #inbox = new Inbox();
  #underway: (Frame | typeof END)[] = [];
  #buffered = 0;
  #full = false;
  #ending = false;

  constructor(name: string, schedule: Schedule) {
    this.name = name;
    this.#schedule = schedule;
  }

  get buffered(): number {
    return this.#buffered;
  }

  open(receiver: TransportReceiver): void {
    this.#inbox.open(receiver);
  }

  send(frame: Frame): void {
    if (this.#ending) return;
    // A copy, as over any other transport: the receiver owns what it gets.
    this.#push(typeof frame === 'string' ? frame : new Uint8Array(frame));
    this.#buffered += frame.length;
    this.#full ||= this.#buffered >= HIGH_WATER;
  }

  close(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#inbox.deafen();
    this.#push(END);
  }

  destroy(error?: Error): void {
    this.#underway = [];
    this.#buffered = 0;
    this.close();
    // Emptied after it had ended: the other side must hear of the end nevertheless.
    if (this.#underway.length === 0) this.#push(END);
    this.#inbox.closed(error);
  }

  ref(): void {}

  unref(): void {}

  #push(item: Frame | typeof END): void {
    this.#underway.push(item);
    this.#schedule(() => this.#deliver());
  }

  #deliver(): void {
    const item = this.#underway.shift();
    if (item === undefined) return;
    if (item === END) return this.#deliverEnd();
    this.#buffered -= item.length;
    this.peer.#inbox.frame(item);
    if (!this.#full || this.#buffered > 0) return;
    this.#full = false;
    this.#inbox.drained();
  }

  #deliverEnd(): void {
    this.#inbox.closed();
    this.peer.#ending = true;
    this.peer.#underway = [];
    this.peer.#buffered = 0;
    this.peer.#inbox.closed();
  }
}
