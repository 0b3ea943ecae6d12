import { instancesOf } from './function.js';
import { declarations, detachingMembers, isDeclared, listeningMembers, type Answer } from './listening-styles.js';
import { isReachableName, isReachableStatic, openedNames, openings } from './names.js';
import { referenceOf } from './reference.js';

/**
 * What a peer is told of a class of ours, or of an object with methods of its own: enough to build a local class that
 * mirrors it. It goes over the wire, once a session.
 */
export interface Shape {
  /** That of the class above; for an object with methods of its own, that of its class. */
  readonly parent?: Shape;
  readonly name: string;
  /** The nearest class of its chain that every platform has, such as EventEmitter. */
  readonly base: string;
  readonly methods: readonly string[];
  readonly accessors: readonly string[];
  /** Methods that attach or detach listeners, and what they answer locally. They are called without waiting. */
  readonly listening: Readonly<Record<string, Answer>>;
  /** Of declared pairs: the attaching method that each detaching one undoes. */
  readonly detaching: Readonly<Record<string, string>>;
  readonly iterable: boolean;
  /** Its values are there at once: `for … of` goes over them, too. */
  readonly sync?: true;
  /** Other names of one and the same method. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Names that begin with `_` and can be asked for nevertheless. */
  readonly opened?: readonly string[];
  /** An array, or an object without a prototype, that crosses by reference. */
  readonly container?: 'array' | 'bare';
}

/** Whether a method of the shape's objects attaches or detaches listeners. */
export function isListening(shape: Shape, method: string): boolean {
  return shape.listening[method] !== undefined;
}

/** Whether an emitter is one of Node's, or has a context for each listener, as eventemitter3's have. */
export type EmitterStyle = 'node' | 'contextual' | 'other';

/** Of one in another process. */
export function emitterStyle(shape: Shape | undefined): EmitterStyle {
  if (listensBy(shape, 'prependListener')) return 'node';
  return listensBy(shape, 'removeAllListeners') ? 'contextual' : 'other';
}

function listensBy(shape: Shape | undefined, method: string): boolean {
  for (let at = shape; at !== undefined; at = at.parent) if (isListening(at, method)) return true;
  return false;
}

/** Whether a name may be asked of an object of that shape: one that is reachable, or was opened. */
export function reaches(shape: Shape | undefined, name: string, isFunction = false): boolean {
  if (isFunction ? isReachableStatic(name) : isReachableName(name)) return true;
  for (let at = shape; at !== undefined; at = at.parent) if (at.opened?.includes(name)) return true;
  return false;
}

/** Prototypes that stand between a hosted class and its objects of a subclass elsewhere: their shape is the class's. */
const between = new WeakSet<object>();

export function standsBetween(prototype: object): void {
  between.add(prototype);
}

/** Classes that both sides have. */
export interface Bases {
  /** The prototype of the one of that name. */
  named(name: string): object | undefined;
  /** The name, if that is the prototype of one. */
  nameOf(prototype: object): string | undefined;
}

interface Members {
  methods: Set<string>;
  accessors: Set<string>;
}

/** Describes our objects. One per platform: it remembers each class by its prototype. */
export class Shapes {
  readonly #byPrototype = new WeakMap<object, Map<string, Shape>>();
  readonly #bare = new Map<string, Shape>();
  readonly #methods = new WeakMap<Shape, ReadonlySet<string>>();

  constructor(private readonly bases: Bases) {}

  /** The shape of an object, or of a function that has members. */
  of(value: object): Shape | undefined {
    const mirror = referenceOf(value)?.mirror;
    if (mirror !== undefined) return mirror.shape;
    return typeof value === 'function' ? this.#ofFunction(value) : this.#ofObject(value);
  }

  /** Whether a function surely has no shape, and neither have instances of it: arrow functions and methods, as callbacks mostly are. */
  isBare(fn: object): boolean {
    if (Object.getPrototypeOf(fn) !== Function.prototype || Object.hasOwn(fn, 'prototype') || referenceOf(fn) !== undefined) return false;
    // Hidden members are not looked for: to list them costs more than all the rest of a callback.
    for (const _ in fn) return false;
    return true;
  }

  /** The shape that instances of a class have, if `fn` is one. */
  ofInstances(fn: object): Shape | undefined {
    if (referenceOf(fn) !== undefined) return instancesOf(fn)?.shape;
    if (!Object.hasOwn(fn, 'prototype') || !looksLikeClass(fn)) return undefined;
    const { prototype } = fn as { prototype: unknown };
    return typeof prototype === 'object' && prototype !== null && Object.hasOwn(prototype, 'constructor') ? this.#ofClass(prototype) : undefined;
  }

  #ofObject(object: object): Shape {
    let prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype !== null && between.has(prototype)) prototype = Object.getPrototypeOf(prototype) as object | null;
    const parent = this.#ofClass(prototype);
    const own = ownMethods(object, isReachableName);
    const opened = openedNames(object);
    const container: Shape['container'] = prototype === null ? 'bare' : Array.isArray(object) ? 'array' : undefined;
    // What is in a container is data, whatever it is called.
    const data = container === undefined ? this.#dataInPlaceOfMethods(object, parent, own) : [];
    if (own.length === 0 && data.length === 0 && !isDeclared(object) && opened === undefined && container === undefined) return parent;
    const listening = listeningMembers(object, new Set([...own, ...methodsOf(parent)]));
    const members = { methods: new Set(container === undefined ? own : []), accessors: new Set(data) };
    const detaching = detachingMembers(object, Object.keys(listening));
    const key = keyOf([...members.methods, '', ...data, '', ...(opened ?? []), container ?? ''], listening);
    const rare = { ...(opened && { opened }), ...(container && { container }) };
    return this.#remembered(prototype, key, () => ({ ...shape(parent.name, parent.base, members, { listening, detaching }), parent, ...rare }));
  }

  /** Own data under the name of a method of its class (`this.onerror = null`): read and assigned as any data. */
  #dataInPlaceOfMethods(object: object, parent: Shape, own: readonly string[]): string[] {
    let methods = this.#methods.get(parent);
    if (methods === undefined) this.#methods.set(parent, (methods = new Set(methodsOf(parent))));
    return Object.getOwnPropertyNames(object).filter((name) => methods.has(name) && !own.includes(name));
  }

  #ofClass(prototype: object | null): Shape {
    // What is declared of a class after it was described makes it another.
    return this.#remembered(prototype, `class ${declarations()} ${openings()}`, () => this.#describe(prototype));
  }

  #remembered(prototype: object | null, key: string, describe: () => Shape): Shape {
    let known = prototype === null ? this.#bare : this.#byPrototype.get(prototype);
    if (known === undefined) this.#byPrototype.set(prototype!, (known = new Map<string, Shape>()));
    let shape = known.get(key);
    if (shape === undefined) known.set(key, (shape = describe()));
    return shape;
  }

  /** Of the classes that a platform has, all members are described; of those below them, what they add. */
  #describe(prototype: object | null): Shape {
    const above = prototype === null ? null : (Object.getPrototypeOf(prototype) as object | null);
    const parent = this.#isOwn(prototype) && this.#isOwn(above) ? this.#ofClass(above) : undefined;
    const members: Members = { methods: new Set(), accessors: new Set() };
    let base = '';
    for (let at = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
      if (parent !== undefined && at === above) break;
      base ||= this.bases.nameOf(at) ?? '';
      collect(at, members);
    }
    const all = new Set([...members.methods, ...(parent === undefined ? [] : methodsOf(parent))]);
    const listening = prototype === null ? {} : listeningMembers(prototype, all);
    const detaching = prototype === null ? {} : detachingMembers(prototype, Object.keys(listening));
    const own = shape(classNameOf(prototype), base || (parent?.base ?? ''), members, { listening, detaching }, isIterable(prototype));
    const opened = prototype === null ? undefined : openedNames(prototype);
    const aliases = aliasesOf(prototype, all);
    const isSync = prototype !== null && Symbol.iterator in prototype;
    return { ...own, ...(parent && { parent }), ...(isSync && { sync: true }), ...(opened && { opened }), ...(aliases && { aliases }) };
  }

  #isOwn(prototype: object | null): boolean {
    return prototype !== null && prototype !== Object.prototype && this.bases.nameOf(prototype) === undefined;
  }

  #ofFunction(fn: object): Shape | undefined {
    const methods = new Set<string>();
    let hasData = false;
    for (let at = fn; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at) as object) {
      // A function of another process that is kept there is data.
      for (const name of ownMethods(at, isReachableStatic)) if (referenceOf(Reflect.get(at, name) as object) === undefined) methods.add(name);
      hasData ||= Object.keys(at).length > 0;
    }
    if (methods.size === 0 && !hasData) return undefined;
    const name = String((fn as { name?: unknown }).name);
    const listening = listeningMembers(fn, methods);
    // Shared by all functions that look like this one: each callback may bring properties of its own.
    return this.#remembered(Function.prototype, keyOf([name, ...methods], listening), () => shape(name, 'Function', { methods, accessors: new Set() }, { listening, detaching: detachingMembers(fn, Object.keys(listening)) }));
  }
}

/**
 * By its syntax, or as a function by its capital letter. Its prototype is not asked: V8 makes the prototype of a function
 * when it is first read, which would cost each callback 300 bytes.
 */
function looksLikeClass(fn: object): boolean {
  const { name } = fn as { name: unknown };
  return (typeof name === 'string' && /^\p{Lu}/u.test(name)) || /^class\b/.test(Function.prototype.toString.call(fn));
}

function keyOf(names: readonly string[], listening: Record<string, Answer>): string {
  return JSON.stringify([names, Object.entries(listening)]);
}

function* methodsOf(shape: Shape): Iterable<string> {
  for (let at: Shape | undefined = shape; at !== undefined; at = at.parent) yield* [...at.methods, ...Object.keys(at.listening)];
}

/** Which methods of a prototype are another one by a second name: its own name, if it has one that is there. */
function aliasesOf(prototype: object | null, methods: ReadonlySet<string>): Record<string, string> | undefined {
  const names = new Map<unknown, string>();
  const aliases: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of prototype === null ? [] : methods) {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof method !== 'function') continue;
    const first = names.get(method);
    if (first === undefined) names.set(method, name);
    else aliases[name] = first;
  }
  return Object.keys(aliases).length === 0 ? undefined : aliases;
}

function isIterable(prototype: object | null): boolean {
  return prototype !== null && (Symbol.asyncIterator in prototype || Symbol.iterator in prototype);
}

function shape(name: string, base: string, members: Members, listens: Pick<Shape, 'listening' | 'detaching'>, iterable = false): Shape {
  const methods = [...members.methods].filter((method) => !listens.listening[method]);
  return { name, base, methods, accessors: [...members.accessors], ...listens, iterable };
}

function collect(prototype: object, members: Members): void {
  for (const [name, { get, set, value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)) as [string, PropertyDescriptor][]) {
    if (!isReachableName(name) || members.methods.has(name) || members.accessors.has(name)) continue;
    if (get !== undefined || set !== undefined) members.accessors.add(name);
    else if (isMethod(value)) members.methods.add(name);
  }
}

/** Functions among the object's own properties; accessors are not asked. */
function ownMethods(object: object, reachable: (name: string) => boolean): string[] {
  return Object.getOwnPropertyNames(object).filter((name) => reachable(name) && isMethod(Object.getOwnPropertyDescriptor(object, name)?.value));
}

/** A class is no method, but a value: whoever reads it gets something to construct. */
function isMethod(value: unknown): boolean {
  return typeof value === 'function' && !(Object.hasOwn(value, 'prototype') && looksLikeClass(value) && isClass(value));
}

/** Of functions with a capital letter, some are methods of people who like capitals. */
function isClass(fn: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(fn, 'prototype');
  return prototype !== undefined && (prototype.writable === false || Object.getOwnPropertyNames(Object(prototype.value)).length > 1);
}

/** The class of the objects of a prototype, or of an object. */
export function classNameOf(prototype: object | null): string {
  for (let at = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const constructor = Object.getOwnPropertyDescriptor(at, 'constructor')?.value as { name?: unknown } | undefined;
    if (typeof constructor?.name === 'string' && constructor.name !== '') return constructor.name;
  }
  return 'Object';
}
