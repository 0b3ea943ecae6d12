import type { CompleteRoleOptions, ParkingPolicy } from './options.js';
import { Queue } from './queue.js';
import type { DropReason } from './report.js';
import type { RoleEvent } from './role-event.js';

type Drop = (event: RoleEvent, reason: DropReason) => void;

/** Events for which there is no process: held in order and within bounds. Whatever is dropped is told. */
export class Parking {
  readonly #events = new Queue();

  constructor(
    private readonly options: CompleteRoleOptions,
    private readonly drop: Drop,
  ) {}

  get size(): number {
    return this.#events.length;
  }

  get bytes(): number {
    return this.#events.bytes;
  }

  /** When the oldest one was parked. */
  get since(): number | undefined {
    return this.#events.first()?.since;
  }

  /** Holds an event that was kept, if it may be held. The latest come last. */
  put(event: RoleEvent, policy: ParkingPolicy): void {
    if (policy === 'latest') for (const older of this.#of(event)) this.#give(older, 'superseded');
    let reason = this.#overflow(event);
    if (reason !== undefined && policy === 'drop-oldest') reason = this.#makeRoom(event, reason);
    if (reason !== undefined) return this.drop(event, reason);
    this.#events.push(event);
  }

  /** Drops what has been held for too long. Returns the milliseconds until there is more of it. */
  expire(now: number): number | undefined {
    for (let first = this.#events.first(); first !== undefined; first = this.#events.first()) {
      const left = first.since + this.options.age - now;
      if (left > 0) return left;
      this.#give(first, 'age');
    }
    return undefined;
  }

  takeAll(): RoleEvent[] {
    return this.#events.takeAll();
  }

  #of({ source }: RoleEvent): RoleEvent[] {
    return [...this.#events].filter((event) => event.source === source);
  }

  #overflow({ bytes }: RoleEvent, freed = 0, freedBytes = 0): 'events' | 'bytes' | undefined {
    if (this.#events.length - freed >= this.options.events) return 'events';
    return this.bytes - freedBytes + bytes > this.options.bytes ? 'bytes' : undefined;
  }

  /** Drops as many of the oldest of the same event as it takes; none, if that would not help. */
  #makeRoom(event: RoleEvent, reason: 'events' | 'bytes'): 'events' | 'bytes' | undefined {
    const own = this.#of(event);
    let freed = 0;
    let freedBytes = 0;
    let left: 'events' | 'bytes' | undefined = reason;
    while (left !== undefined && freed < own.length) {
      freedBytes += own[freed++]!.bytes;
      left = this.#overflow(event, freed, freedBytes);
    }
    if (left !== undefined) return reason;
    for (const older of own.slice(0, freed)) this.#give(older, reason);
    return undefined;
  }

  #give(event: RoleEvent, reason: DropReason): void {
    if (this.#events.first() === event) this.#events.shift();
    else this.#events.remove(event);
    this.drop(event, reason);
  }
}
