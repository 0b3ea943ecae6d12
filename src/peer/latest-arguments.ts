import { isItself } from '../values/flat.js';
import { isByCopy, isByReference } from '../values/marks.js';
import { isPlainArrayPrototype } from '../values/plain.js';
import type { Packed } from '../wire.js';

/** What arguments became on the wire: text, or, if they were large, the bytes of their attachment. */
export type Encoded = string | Uint8Array;

interface Latest {
  readonly args: readonly unknown[];
  /** By what it was encoded: other kinds and limits may make something else of it. */
  readonly by: readonly unknown[];
  readonly packed: readonly Packed[];
  /** Arrays and objects in the order in which they were packed, the arguments first. */
  readonly containers: readonly object[];
  readonly encoded: Encoded;
}

let latest: Latest | undefined;
/** The arguments that were encoded last. */
let met: readonly unknown[] | undefined;

/**
 * What the same arguments were encoded as for another session in this turn: an event goes to one after the other. Listeners
 * in between may have changed them, so all that they hold is looked at; that takes a small part of the time.
 */
export function encodedBefore(args: readonly unknown[], by: readonly unknown[]): Encoded | undefined {
  if (latest === undefined || !areSame(args, latest.args) || !areSame(by, latest.by)) return undefined;
  return new Comparison(latest.containers).elements(args, latest.packed) ? latest.encoded : undefined;
}

/** Whether they have been met in this turn. From now on they have. */
export function isMetAgain(args: readonly unknown[]): boolean {
  const again = met !== undefined && areSame(args, met);
  met = args;
  return again;
}

export function remember(encoded: Latest): void {
  latest = encoded;
}

/** The turn is over: nothing of it is kept alive. */
export function forgetArguments(): void {
  latest = met = undefined;
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}

/** Compares values with the copy that was packed of them. The very same containers in the same order: none has come to be shared. */
class Comparison {
  /** The arguments themselves are the first: an array of our own. */
  #next = 1;

  constructor(private readonly containers: readonly object[]) {}

  elements(array: readonly unknown[], packed: readonly Packed[]): boolean {
    if (array.length !== packed.length) return false;
    for (let i = 0; i < packed.length; i++) if (!this.#isSame(array[i], packed[i]!)) return false;
    return true;
  }

  #isSame(value: unknown, packed: Packed): boolean {
    if (typeof packed !== 'object' || packed === null) return isItself(value) && value === packed;
    if (typeof value !== 'object' || value === null || this.containers[this.#next++] !== value) return false;
    if (isByReference(value) || isByCopy(value)) return false;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (!Array.isArray(packed)) return prototype === Object.prototype && this.#properties(value, packed);
    return Array.isArray(value) && isPlainArrayPrototype(prototype) && Object.keys(value).length === packed.length && this.elements(value, packed);
  }

  #properties(object: object, packed: Record<string, Packed>): boolean {
    const keys = Object.keys(object);
    let at = 0;
    for (const key in packed) if (key !== keys[at++] || !this.#isSame((object as Record<string, unknown>)[key], packed[key]!)) return false;
    return at === keys.length && Object.getOwnPropertySymbols(object).length === 0;
  }
}
