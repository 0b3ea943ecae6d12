import { isReachableName, isReachableStatic } from './names.js';
import { readRemote } from './property.js';
import { referenceOf } from './reference.js';
import { reaches } from './shape.js';

/**
 * The end of every mirror's prototype chain: an object that inherits from `base` and meets each name that no class of
 * the chain has. Such a name is a data property of the remote object. Members of the mirrored class never get here, so
 * they cost what a local method costs.
 */
export function catchAll(base: object): object {
  return new Proxy(Object.create(base) as object, { get, set });
}

function get(target: object, name: string | symbol, proxy: unknown): unknown {
  if (typeof name === 'symbol') return Reflect.get(target, name, proxy);
  const isData = !(name in target) && isReachableName(name);
  return isData || isOpenedOf(proxy, name) ? readRemote(proxy as object, name) : Reflect.get(target, name, proxy);
}

/** A name that begins with `_`, and can be asked for nevertheless. */
function isOpenedOf(proxy: unknown, name: string): boolean {
  return name.charCodeAt(0) === 95 && reaches(referenceOf(proxy as object)?.mirror?.shape, name);
}

/** What is not to cross (symbols, `_names`) is kept on the proxy itself, as on any object. */
function set(target: object, name: string | symbol, value: unknown, proxy: unknown): boolean {
  const isReachable = typeof proxy === 'function' ? isReachableStatic : isReachableName;
  const crosses = typeof name === 'string' && (isReachable(name) || isOpenedOf(proxy, name));
  const reference = crosses ? referenceOf(proxy as object) : undefined;
  if (reference === undefined) return Reflect.set(target, name, value, proxy);
  reference.session.assign(reference, name as string, value, proxy as object);
  return true;
}
