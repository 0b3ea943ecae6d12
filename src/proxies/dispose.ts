import { referenceOf } from './reference.js';

/** `[Symbol.dispose]` of every proxy. */
export function disposeProxy(this: object): void {
  const reference = referenceOf(this);
  reference?.session.release(reference);
}
