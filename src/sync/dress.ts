import { INSPECT, inspectProxy } from '../proxies/inspect.js';
import { optionsOf, referenceOf, stamp, type Reference, type View } from '../proxies/reference.js';
import { reaches } from '../proxies/shape.js';
import { byReference } from '../values/marks.js';
import { OPERATION, type Operation } from '../wire.js';
import type { BlockingSession } from './session.js';

/**
 * What a client that blocks holds of an object or a class: it meets every operation of the language, and asks the host for
 * those that are about the hosted object. Methods, and what a subclass here adds, are found on `bare` and its prototypes.
 */
export function dress(bare: object, hold: Reference | View): object {
  const kind = typeof bare === 'function' ? undefined : ('reference' in hold ? hold.reference : hold).mirror?.shape.container;
  const target = kind === undefined ? bare : container(kind, hold);
  const dressed = dressedAs(target);
  stamp(dressed, hold);
  if (kind !== undefined) byReference(dressed);
  if (typeof bare === 'function') nameConstructor(bare, dressed);
  return dressed;
}

/** The same for an object whose reference is yet to come. */
export function dressedAs(target: object): object {
  return new Proxy(target, handler);
}

function container(kind: 'array' | 'bare', hold: Reference | View): object {
  const target = kind === 'array' ? [] : (Object.create(null) as object);
  stamp(target, hold);
  Object.defineProperty(target, INSPECT, { value: inspectProxy, configurable: true });
  return target;
}

/** A class's stand-in is what its objects have as their constructor. */
function nameConstructor(bare: object, dressed: object): void {
  const { prototype } = bare as { prototype: unknown };
  const mirrored = typeof prototype === 'object' && prototype !== null && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value !== bare;
  if (mirrored) Object.defineProperty(prototype, 'constructor', { value: dressed, writable: true, configurable: true });
}

/** Whose property that is: the hosted object's; undefined if it is found here. */
function remote(target: object, key: PropertyKey, through: object): Reference | undefined {
  if (typeof key !== 'string' || (Object.hasOwn(target, key) && !isLength(target, key))) return undefined;
  const reference = referenceOf(through) ?? referenceOf(target);
  return reference !== undefined && reaches(reference.mirror?.shape, key, typeof target === 'function') ? reference : undefined;
}

/** The one property of an array that a Proxy of one must have itself. */
function isLength(target: object, key: PropertyKey): boolean {
  return key === 'length' && Array.isArray(target);
}

/** Members of the mirrored class, of a subclass here, and of what both sides have. Data is none of them, nor what was opened. */
function isMember(target: object, key: string): boolean {
  return !key.startsWith('_') && !isLength(target, key) && Reflect.has(target, key);
}

const statics = new WeakMap<object, Map<PropertyKey, unknown>>();

/** A static method is a function in its own right: it is called without its class, too. A subclass here is not known over there. */
function member(target: object, key: PropertyKey, receiver: object): unknown {
  const found: unknown = Reflect.get(target, key, receiver);
  if (typeof target !== 'function' || typeof found !== 'function' || Object.hasOwn(target, key) || key in Function.prototype) return found;
  let known = statics.get(target);
  if (known === undefined) statics.set(target, (known = new Map<PropertyKey, unknown>()));
  if (!known.has(key)) known.set(key, named(found.name, (args) => Reflect.apply(found, referenceOf(receiver) === undefined ? target : receiver, args)));
  return known.get(key);
}

function named(name: string, call: (args: unknown[]) => unknown): unknown {
  return { [name]: (...args: unknown[]) => call(args) }[name];
}

function session(reference: Reference): BlockingSession {
  return reference.session as BlockingSession;
}

function ask(reference: Reference, operation: Operation, name: string, ...args: unknown[]): unknown {
  return reference.session.call(reference, operation, name, args);
}

const handler: ProxyHandler<object> = {
  get(target, key, receiver: object) {
    const reference = remote(target, key, receiver);
    if (reference === undefined || isMember(target, key as string)) return member(target, key, receiver);
    return reference.session.read(reference, key as string, optionsOf(receiver));
  },

  set(target, key, value: unknown, receiver: object) {
    const reference = remote(target, key, receiver);
    if (reference === undefined || setterOf(target, key) !== undefined) return Reflect.set(target, key, value, receiver);
    reference.session.assign(reference, key as string, value, receiver);
    return true;
  },

  has(target, key) {
    const reference = remote(target, key, target);
    if (reference === undefined || isMember(target, key as string)) return Reflect.has(target, key);
    return ask(reference, OPERATION.has, key as string) as boolean;
  },

  deleteProperty(target, key) {
    const reference = remote(target, key, target);
    return reference === undefined ? Reflect.deleteProperty(target, key) : (ask(reference, OPERATION.delete, key as string) as boolean);
  },

  ownKeys(target) {
    const reference = referenceOf(target);
    const here = Reflect.ownKeys(target).filter((key) => key !== INSPECT);
    return reference === undefined ? here : [...new Set([...session(reference).properties(reference).keys(), ...here])];
  },

  getOwnPropertyDescriptor(target, key) {
    const reference = remote(target, key, target);
    if (reference === undefined) return Reflect.getOwnPropertyDescriptor(target, key);
    if (isMember(target, key as string)) return ownMember(target, key as string, reference);
    const descriptor = session(reference).property(reference, key as string);
    // A Proxy must not say that a property is fixed which its own target does not have.
    return descriptor === undefined ? undefined : { ...descriptor, configurable: !isLength(target, key) };
  },

  defineProperty(target, key, descriptor) {
    const reference = remote(target, key, target);
    if (reference === undefined || session(reference).isExtended(reference)) return Reflect.defineProperty(target, key, descriptor);
    if (descriptor.get !== undefined || descriptor.set !== undefined) throw new TypeError(`Cannot define ${String(key)}: a hosted object has no accessors that are elsewhere`);
    if (descriptor.configurable === false) throw new TypeError(`Cannot define ${String(key)}: what is elsewhere cannot be fixed from here (configurable: false)`);
    return ask(reference, OPERATION.define, key as string, descriptor) as boolean;
  },

  /** The class above, if it has arrived, too. */
  getPrototypeOf(target) {
    return (typeof target === 'function' ? classAbove(target) : undefined) ?? Reflect.getPrototypeOf(target);
  },

  /** What is hosted is not frozen from afar. */
  preventExtensions() {
    return false;
  },
};

function classAbove({ prototype }: { prototype?: unknown }): object | undefined {
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  const above = Object.getPrototypeOf(prototype) as object | null;
  const constructor: unknown = above === null ? undefined : Object.getOwnPropertyDescriptor(above, 'constructor')?.value;
  return typeof constructor === 'function' && referenceOf(constructor) !== undefined ? constructor : undefined;
}

/** A method that is the object's own, and not its class's, is here as the mirror has it. */
function ownMember(target: object, key: string, reference: Reference): PropertyDescriptor | undefined {
  const listed = session(reference).properties(reference).get(key);
  return listed && { value: Reflect.get(target, key) as unknown, enumerable: listed[1], writable: listed[2], configurable: true };
}

/** The setter that an assignment meets on the way: of the mirrored class, or of a subclass here. */
function setterOf(target: object, key: PropertyKey): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return descriptor.set;
  }
  return undefined;
}
