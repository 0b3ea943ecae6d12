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
