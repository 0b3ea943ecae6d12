import { optionsOf, referenceOf } from './reference.js';

/**
 * Reads a property of the object behind a proxy. Reading without awaiting is what debuggers and assertion libraries do:
 * a failure that nobody waits for is nobody's.
 */
export function readRemote(proxy: object, name: string): unknown {
  const reference = referenceOf(proxy);
  return reference?.session.read(reference, name, optionsOf(proxy));
}
