/**
 * Whether objects with this prototype are plain data: made by a literal, by JSON, or without a prototype. The prototype
 * of another realm's literals (a vm context, a test runner) is known by being the root of its chain and having what
 * Object.prototype has.
 */
export function isPlainPrototype(prototype: object | null): boolean {
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** The same for arrays, given that the value is one. */
export function isPlainArrayPrototype(prototype: object | null): boolean {
  if (prototype === Array.prototype) return true;
  return prototype !== null && Array.isArray(prototype) && isPlainPrototype(Object.getPrototypeOf(prototype) as object | null);
}
