import { mustBe, REFERABLE } from '../rules.js';

const referenced = new WeakSet<object>();
const copied = new WeakSet<object>();
let anyMarks = false;

/**
 * Makes `value` cross by reference from now on, wherever it crosses: a plain object whose methods should work on the
 * original, say. Returns the value itself.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT for what is neither an object nor a function
 * @example
 * return byReference({ total: 0, add(n) { return (this.total += n); } });
 */
export function byReference<T extends object>(value: T): T {
  mustBe(REFERABLE, 'byReference(): its argument', value);
  anyMarks = true;
  copied.delete(value);
  referenced.add(value);
  return value;
}

/**
 * Makes an instance of a class cross by copy from now on: its own enumerable properties arrive as a plain object.
 * Returns the value itself.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT for what is neither an object nor a function
 * @example
 * return byCopy(new Point(1, 2));            // arrives as { x: 1, y: 2 }
 */
export function byCopy<T extends object>(value: T): T {
  mustBe(REFERABLE, 'byCopy(): its argument', value);
  anyMarks = true;
  referenced.delete(value);
  copied.add(value);
  return value;
}

/** An argument that crosses by reference this once, whatever it is: what it holds is not marked. */
export class Referred {
  constructor(readonly value: object) {}
}

export function isByReference(value: object): boolean {
  return anyMarks && referenced.has(value);
}

export function isByCopy(value: object): boolean {
  return anyMarks && copied.has(value);
}
