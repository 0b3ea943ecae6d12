import { byReference } from './marks.js';

export const HELD = Symbol('dynobot.held');
export const DROPPED = Symbol('dynobot.dropped');

/**
 * What holds something open for another process (an iterator, a stream). The same one serves all sessions, so it counts
 * those that refer to it.
 */
export abstract class Holder {
  #sessions = 0;

  /** The first session refers to it. */
  [HELD](): void {}

  /** No session refers to it any more: its stand-ins were released or collected, or their sessions ended. */
  abstract [DROPPED](): void;

  static hold(value: object): void {
    if (#sessions in value && value.#sessions++ === 0) value[HELD]();
  }

  static drop(value: object): void {
    if (#sessions in value && --value.#sessions === 0) value[DROPPED]();
  }
}

const standing = new WeakSet<object>();
const ours = new WeakSet<object>();

/** Notes that a peer has named a value that it did not make, where a carrier may be expected. */
export function cameHome(value: object): void {
  ours.add(value);
}

const carriers = new WeakSet<object>();

/** Whether `value` is what another value crosses as: its members are those that the wire needs, not the user's. */
export function isCarrier(value: object | symbol): boolean {
  return typeof value !== 'symbol' && carriers.has(value);
}

/**
 * Whether a stand-in waits by calling `value`: for a promise, the next chunk, the end of a stream. What it waits for takes
 * the time that it takes, so these calls have no deadline.
 */
export function isWaitedOn(value: unknown): boolean {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && standing.has(value);
}

/**
 * The values of a kind that is stood in for by the real local kind. Such a value crosses as its *carrier*: an object or
 * function that crosses by reference and does the work from afar. The value and its carrier have one identity: sent
 * twice they arrive as one stand-in, sent home they are the original.
 */
export class Carried<Value extends object, Carrier extends object> {
  readonly #carriers = new WeakMap<Value, Carrier>();
  readonly #values = new WeakMap<Carrier, WeakRef<Value>>();

  /** The carrier of a value of ours, or the imported one of a stand-in. */
  carrier(value: Value, make: () => Carrier): Carrier {
    return this.#carriers.get(value) ?? this.#pair(value, byReference(make()));
  }

  /** The same, if the value has one. */
  known(value: Value): Carrier | undefined {
    return this.#carriers.get(value);
  }

  /** The value behind a carrier of ours that came home, or the stand-in of an imported one. */
  value(carrier: Carrier, make: () => Value): Value {
    const known = this.#values.get(carrier)?.deref();
    if (known !== undefined) return known;
    // Its members would be called, whatever its service lets clients reach.
    if (ours.has(carrier) && !this.#values.has(carrier)) throw new TypeError('it names as a carrier what is none');
    standing.add(carrier);
    const value = make();
    this.#pair(value, carrier);
    return value;
  }

  /** The value keeps its carrier, and the carrier its value only if it does by itself: what cannot be heard of any more goes. */
  #pair(value: Value, carrier: Carrier): Carrier {
    this.#carriers.set(value, carrier);
    carriers.add(carrier);
    this.#values.set(carrier, new WeakRef(value));
    return carrier;
  }
}
