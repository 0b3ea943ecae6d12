import { referenceOf } from './reference.js';

/**
 * Whether `old`, a proxy of an ended session, can stand for what `arrived` stands for: a function for a function, an object
 * for an object, unless it was released.
 */
export function canSucceed(old: object, arrived: object): boolean {
  return typeof old === typeof arrived && referenceOf(old)?.released === false;
}

/** Makes a proxy look like the one that has arrived in its stead: its class may be another by now. */
export function takeLooks(old: object, arrived: object): void {
  Object.setPrototypeOf(old, Object.getPrototypeOf(arrived) as object);
  if (typeof old !== 'function') return;
  for (const name of ['name', 'length'] as const) Object.defineProperty(old, name, Object.getOwnPropertyDescriptor(arrived, name)!);
  (old as { prototype: unknown }).prototype = (arrived as { prototype: unknown }).prototype;
}
