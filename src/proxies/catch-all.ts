import { OPERATION } from '../wire.js';
import { isReachableName, isReachableStatic } from './names.js';
import { readRemote } from './property.js';
import { referenceOf } from './reference.js';

/**
 * The end of every mirror's prototype chain: an object that inherits from `base` and meets each name that no class of
 * the chain has. Such a name is a data property of the remote object. Members of the mirrored class never get here, so
 * they cost what a local method costs.
 */
export function catchAll(base: object): object {
  return new Proxy(Object.create(base) as object, { get, set });
}

function get(target: object, name: string | symbol, proxy: unknown): unknown {
  if (typeof name === 'symbol' || name in target || !isReachableName(name)) return Reflect.get(target, name, proxy);
  return readRemote(proxy as object, name);
}

/** What is not to cross (symbols, `_names`) is kept on the proxy itself, as on any object. */
function set(target: object, name: string | symbol, value: unknown, proxy: unknown): boolean {
  const crosses = typeof name === 'string' && (typeof proxy === 'function' ? isReachableStatic(name) : isReachableName(name));
  const reference = crosses ? referenceOf(proxy as object) : undefined;
  if (reference === undefined) return Reflect.set(target, name, value, proxy);
  reference.session.cast(reference, OPERATION.set, name as string, [value]);
  return true;
}
