/**
 * Names that never cross, because they belong to the language and not to the object: what every object or function
 * inherits, what turns a value into a promise or into JSON, what leads to a constructor.
 */
const RESERVED = new Set<string>([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Function.prototype),
  'then', 'toJSON', 'constructor', 'prototype', '__proto__',
]);
/** Common names of members, although functions have properties of these names. */
for (const name of ['name', 'length', 'call', 'apply', 'bind']) RESERVED.delete(name);

/** Whether a service can have the name: what is looked up on `services` must not be taken for what every object has. */
export function canBeService(name: string): boolean {
  return !RESERVED.has(name);
}

const OF_FUNCTIONS = new Set(['name', 'length', 'call', 'apply', 'bind']);

/** Whether `name` may be asked of an object in another process at all. Dots do not make a path, but might to another peer. */
export function isReachableName(name: string): boolean {
  if (name.charCodeAt(0) === 95 /* _ */ || RESERVED.has(name)) return false;
  return !name.includes('.') || !name.split('.').some((step) => RESERVED.has(step));
}

/** The same for a member of a function or class: those that every function has are not the hosted one's. */
export function isReachableStatic(name: string): boolean {
  return isReachableName(name) && !OF_FUNCTIONS.has(name);
}

const opened = new WeakMap<object, readonly string[]>();
let count = 0;

/** Opens to clients what is closed by itself (names that begin with `_`), of one object, or of all that inherit from it. */
export function openNames(object: object, names: readonly string[]): void {
  opened.set(object, names);
  count++;
}

/** How often names were opened. */
export function openings(): number {
  return count;
}

/** The names beginning with `_` that were opened of this very object: others need not be told of. */
export function openedNames(object: object): readonly string[] | undefined {
  const names = opened.get(object)?.filter((name) => name.startsWith('_') && name !== '__proto__');
  return names === undefined || names.length === 0 ? undefined : names;
}

/** Whether clients may ask for `name` of `object` although it begins with `_`. */
export function isOpened(object: object, name: string): boolean {
  if (count === 0) return false;
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) if (opened.get(at)?.includes(name)) return true;
  return false;
}
