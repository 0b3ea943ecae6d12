import { isOpened, isReachableName, isReachableStatic } from '../proxies/names.js';
import { attachesOrDetaches } from '../proxies/listening-styles.js';
import { referenceOf } from '../proxies/reference.js';
import { standsBetween } from '../proxies/shape.js';
import { byReference } from '../values/marks.js';
import { OPERATION, type Operation } from '../wire.js';
import type { Export } from './exports.js';
import { handOut } from './handing-out.js';
import { isAllowed, isGuarded, isRestricted, lend } from './policy.js';

/** One own property, as a client that lists them gets to see it: its value only if that is a primitive, and no guard wants to be asked. */
type Listed = [name: string, enumerable: boolean, writable: boolean, value?: unknown];

const ON_OBJECTS = new Set<Operation>([OPERATION.has, OPERATION.delete, OPERATION.properties, OPERATION.property, OPERATION.define]);

/** Whether an operation is about an object as such: not calling it, nor reading or assigning a property. */
export function isOnObject(operation: Operation): boolean {
  return ON_OBJECTS.has(operation);
}

export function performOnObject(entry: Export, operation: Operation, name: string | 0, args: unknown[]): unknown {
  const target = entry.value as object;
  switch (operation) {
    case OPERATION.has:
      return Reflect.has(target, name);
    case OPERATION.delete:
      return Reflect.deleteProperty(target, name);
    case OPERATION.properties:
      return Object.getOwnPropertyNames(target).filter((own) => isListed(entry, own)).map((own) => listed(entry, own));
    case OPERATION.property:
      return property(entry, name as string);
    default:
      return Reflect.defineProperty(target, name, dataDescriptor(args[0]));
  }
}

function isListed(entry: Export, name: string): boolean {
  const target = entry.value as object;
  const isReachable = typeof target === 'function' ? isReachableStatic(name) : isReachableName(name);
  return (isReachable || isOpened(target, name)) && isAllowed(entry, name);
}

function listed(entry: Export, name: string): Listed {
  const { enumerable = false, writable = false, value } = Object.getOwnPropertyDescriptor(entry.value, name)! as PropertyDescriptor & { value?: unknown };
  const isPrimitive = !isGuarded(entry) && (typeof value !== 'object' || value === null) && typeof value !== 'function' && value !== undefined;
  return isPrimitive ? [name, enumerable, writable, value] : [name, enumerable, writable];
}

/** Of what is restricted, an accessor's functions would get past the rules and the guard: it is shown with its value. */
function property(entry: Export, name: string): PropertyDescriptor | undefined {
  const target = entry.value as object;
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  if (descriptor === undefined) return undefined;
  if ('value' in descriptor) return { ...descriptor, value: shown(entry, name, descriptor.value) };
  if (!isRestricted(entry)) return descriptor;
  const { enumerable = false, configurable = false } = descriptor;
  return { value: shown(entry, name, Reflect.get(target, name)), writable: false, enumerable, configurable };
}

/** At its own path, and not at that of the descriptor. */
function shown({ value: target, way }: Export, name: string, value: unknown): unknown {
  const given = lend(target as object, name, value);
  return way === undefined ? given : handOut(way.step(name), given);
}

/** Accessors stay where they are written: a property of ours whose getter is elsewhere could not be read here. */
function dataDescriptor(given: unknown): PropertyDescriptor {
  const { value, writable = false, enumerable = false, configurable = false } = Object(given) as PropertyDescriptor;
  return { value, writable, enumerable, configurable };
}

/**
 * What a client's object of a subclass works on: an object of the hosted class (or one that inherits from the object), with
 * the subclass's methods, which are the client's, in the place of those that they override. If it `constructs`, the class's
 * constructor runs; if not, it may be called later.
 *
 * @param begun is told the prototype that the object will have, before any other code runs
 */
export function extend(entry: Export, [, constructs, overrides, ...args]: unknown[], begun: (prototype: object) => void): object {
  const target = entry.value as object;
  const base = typeof target === 'function' ? (target as { prototype: unknown }).prototype : target;
  if (typeof base !== 'object' || base === null) throw new TypeError('it has no objects to extend');
  const prototype = Object.create(base) as object;
  standsBetween(prototype);
  for (const [name, method] of Object.entries(Object(overrides) as object)) {
    if (!isReachableName(name) || typeof method !== 'function' || !isAllowed(entry, name) || attachesOrDetaches(name)) continue;
    Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
  }
  begun(prototype);
  if (constructs !== true) return Object.create(prototype) as object;
  const Derived = function () {};
  Derived.prototype = prototype;
  return Reflect.construct(target as new () => object, args, Derived) as object;
}

/** An iterator as an object with its methods, which a client that blocks can go over at once. */
export function iteratorOf(target: object): unknown {
  const iterator = (target as Iterable<unknown>)[Symbol.iterator]();
  if (referenceOf(iterator) !== undefined) return iterator;
  return byReference({
    next: (value?: unknown) => iterator.next(value as never),
    return: (value?: unknown) => iterator.return?.(value) ?? { done: true, value },
  });
}
