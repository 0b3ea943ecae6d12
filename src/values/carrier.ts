import { byReference } from './marks.js';

/**
 * Carriers that hold something open (an iterator, a stream) have this method. It is called when a session stops
 * referring to the carrier: its stand-in was released or collected, or the session ended.
 */
export const DROPPED = Symbol('dynobot.dropped');

/**
 * The values of a kind that is stood in for by the real local kind. Such a value crosses as its *carrier*: an object or
 * function that crosses by reference and does the work from afar. The value and its carrier have one identity: sent
 * twice they arrive as one stand-in, sent home they are the original.
 */
export class Carried<Value extends object, Carrier extends object> {
  readonly #carriers = new WeakMap<Value, Carrier>();
  readonly #values = new WeakMap<Carrier, Value>();

  /** The carrier of a value of ours, or the imported one of a stand-in. */
  carrier(value: Value, make: () => Carrier): Carrier {
    return this.#carriers.get(value) ?? this.#pair(value, byReference(make()));
  }

  /** The value behind a carrier of ours that came home, or the stand-in of an imported one. */
  value(carrier: Carrier, make: () => Value): Value {
    const known = this.#values.get(carrier);
    if (known !== undefined) return known;
    const value = make();
    this.#pair(value, carrier);
    return value;
  }

  #pair(value: Value, carrier: Carrier): Carrier {
    this.#carriers.set(value, carrier);
    this.#values.set(carrier, value);
    return carrier;
  }
}
