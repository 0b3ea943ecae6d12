import type { ShareKey } from './options.js';
import type { Seat } from './seat.js';

/** So many keys are remembered each by itself; more of them go by groups. */
const MOST_KEYS = 100_000;
const GROUPS = 4096;

/**
 * Which places a key belongs to. It stays where it is as long as the place is there, whoever takes turns in it. Where nobody
 * listens to an event of it, another place stands in: that, too, is always the same.
 */
export class Keys {
  /** In the order in which they are asked. */
  readonly #seats = new Map<unknown, Seat[]>();
  #grouped = false;

  /** The place of the key, of those that listen. */
  seatOf(key: ShareKey, among: readonly Seat[]): Seat {
    const name = this.#nameOf(key);
    const known = this.#seats.get(name);
    return known?.find((seat) => among.includes(seat)) ?? this.#assign(name, known, among);
  }

  /** The place is gone: its keys belong to nobody. */
  forget(seat: Seat): void {
    for (const [name, owners] of this.#seats) {
      if (!owners.includes(seat)) continue;
      if (owners.length === 1) this.#seats.delete(name);
      else owners.splice(owners.indexOf(seat), 1);
    }
  }

  #assign(name: unknown, known: Seat[] | undefined, among: readonly Seat[]): Seat {
    const seat = least(among, (candidate) => candidate.work, (candidate) => candidate.keys)!;
    if (known === undefined) this.#seats.set(name, [seat]);
    else known.push(seat);
    seat.keys++;
    return seat;
  }

  /** Memory is bounded, and no key ever moves: once they are too many, all that are new go by groups. */
  #nameOf(key: ShareKey): unknown {
    if (this.#seats.has(key)) return key;
    this.#grouped ||= this.#seats.size >= MOST_KEYS;
    return this.#grouped ? `group ${hash(String(key)) % GROUPS}` : key;
  }
}

/** Whether events can be told apart by it. */
export function isKey(key: ShareKey): boolean {
  return key !== undefined && key !== null && typeof key !== 'object' && typeof key !== 'function';
}

/** The place with the least work; of those, the one that has waited longest. */
export function leastBusy(seats: readonly Seat[]): Seat | undefined {
  return least(seats, (seat) => seat.work, (seat) => seat.holder.served);
}

function least(seats: readonly Seat[], first: (seat: Seat) => number, second: (seat: Seat) => number): Seat | undefined {
  let best: Seat | undefined;
  for (const seat of seats) {
    if (best === undefined || first(seat) < first(best) || (first(seat) === first(best) && second(seat) < second(best))) best = seat;
  }
  return best;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
