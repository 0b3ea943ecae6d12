import type { ShareKey } from './options.js';
import type { Seat } from './seat.js';

/** So many keys are remembered each by itself; more of them go by groups. */
const MOST_KEYS = 100_000;
const GROUPS = 4096;

/** Which place a key belongs to. It stays there as long as the place does, whoever takes turns in it. */
export class Keys {
  readonly #seats = new Map<unknown, Seat>();
  #grouped = false;

  seatOf(key: ShareKey, among: readonly Seat[]): Seat {
    const name = this.#nameOf(key);
    const known = this.#seats.get(name);
    if (known !== undefined) return known;
    const seat = least(among, (candidate) => candidate.work, (candidate) => candidate.keys)!;
    this.#seats.set(name, seat);
    seat.keys++;
    return seat;
  }

  /** The place is gone: its keys belong to nobody. */
  forget(seat: Seat): void {
    for (const [name, owner] of this.#seats) if (owner === seat) this.#seats.delete(name);
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
