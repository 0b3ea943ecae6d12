import { ObservedPromise } from '../values/observed-promise.js';
import { OPERATION } from '../wire.js';
import { optionsOf, referenceOf } from './reference.js';

/**
 * Reads a property of the object behind a proxy. Reading without awaiting is what debuggers and assertion libraries do:
 * a failure that nobody waits for is nobody's.
 */
export function readRemote(proxy: object, name: string): Promise<unknown> | undefined {
  const reference = referenceOf(proxy);
  if (reference === undefined) return undefined;
  return new ObservedPromise((resolve) => resolve(reference.session.call(reference, OPERATION.get, name, [], undefined, optionsOf(proxy))));
}
