import { isReachableName } from '../proxies/names.js';
import { referenceOf, stamp, type Reference, type Session } from '../proxies/reference.js';
import { OPERATION } from '../wire.js';
import { dressedAs } from './dress.js';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Objects of this process's own subclasses of hosted classes. Each works on an object of the hosted class, which has the
 * subclass's methods in the place of those that they override: the base's code runs there, the subclass's here.
 */
export class Extensions {
  #lastToken = 0;
  /** Those whose other part has not arrived yet. */
  readonly #awaited = new Map<number, object>();
  /** What a dressed object is made around: it knows the reference, too. */
  readonly #bare = new WeakMap<object, object>();
  readonly #extended = new WeakSet<Reference>();
  /** The host calls their methods, so they live as long as their other part, which nobody here can see the end of. */
  readonly #kept = new Map<Reference, object>();

  constructor(private readonly session: Session) {}

  /** `new` of a subclass: runs the hosted constructor. What it returns is `this` of the subclass's constructor. */
  construct(base: Reference, args: unknown[], newTarget: object): object {
    const prototype = (newTarget as AnyFunction).prototype as object;
    const bare = Object.create(prototype) as object;
    const object = dressedAs(bare);
    this.#bare.set(object, bare);
    return this.#extend(base, true, object, methodsBetween(prototype, this.#endOf(prototype)), args);
  }

  /** An object that inherits from a hosted class, at its first use: its constructor may be called later, or not at all. */
  embody(object: object): Reference | undefined {
    const prototype = Object.getPrototypeOf(object) as object;
    const end = isPrototypeOfHosted(object) ? null : this.#endOf(prototype);
    const base = end === null ? undefined : (referenceOf(end) ?? hostedClassOf(end));
    if (base?.session !== this.session) return undefined;
    this.#extend(base, false, object, methodsBetween(prototype, end), []);
    return referenceOf(object);
  }

  /** A hosted class is called as a function on an object that inherits from it: `Base.call(this)`. */
  embodyReceiver(to: Reference, receiver: unknown): void {
    if (typeof receiver !== 'object' || receiver === null || referenceOf(receiver) !== undefined) return;
    const hosted = to.proxy?.deref(to);
    if (typeof hosted === 'function' && Object.prototype.isPrototypeOf.call((hosted as AnyFunction).prototype as object, receiver)) this.embody(receiver);
  }

  /** The other part of an object of ours has arrived. */
  arrived(token: number, reference: Reference): object | undefined {
    const object = this.#awaited.get(token);
    if (object === undefined || referenceOf(object) !== undefined) return undefined;
    this.#extended.add(reference);
    stamp(object, reference);
    const bare = this.#bare.get(object);
    if (bare !== undefined) stamp(bare, reference);
    return object;
  }

  /** Whether a property that is assigned is the subclass's own: the hosted object has none of that name. */
  keepsItself(to: Reference, name: string): boolean {
    return this.#extended.has(to) && this.session.call(to, OPERATION.has, name, []) !== true;
  }

  has(reference: Reference): boolean {
    return this.#extended.has(reference);
  }

  release(reference: Reference): void {
    this.#kept.delete(reference);
  }

  #extend(base: Reference, constructs: boolean, object: object, methods: Record<string, unknown>, args: unknown[]): object {
    const token = ++this.#lastToken;
    this.#awaited.set(token, object);
    try {
      const result = this.session.call(base, OPERATION.extend, 0, [token, constructs, methods, ...args]) as object;
      const reference = referenceOf(object);
      if (reference !== undefined && Object.keys(methods).length > 0) this.#kept.set(reference, object);
      return result;
    } finally {
      this.#awaited.delete(token);
    }
  }

  /** Where an object's own chain of prototypes ends and that of the hosted class begins. */
  #endOf(prototype: object): object | null {
    let at: object | null = prototype;
    while (at !== null && referenceOf(at) === undefined && !isPrototypeOfHosted(at)) at = Object.getPrototypeOf(at) as object | null;
    return at;
  }
}

function hostedClassOf(prototype: object): Reference | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof constructor === 'function' ? referenceOf(constructor) : undefined;
}

/** The mirror of a hosted class is the prototype of its stand-in. */
function isPrototypeOfHosted(object: object): boolean {
  return hostedClassOf(object) !== undefined;
}

/** The methods of a subclass, nearest first. */
function methodsBetween(prototype: object, end: object | null): Record<string, unknown> {
  const methods: Record<string, unknown> = {};
  for (let at: object | null = prototype; at !== null && at !== end; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const value: unknown = Object.getOwnPropertyDescriptor(at, name)?.value;
      if (typeof value === 'function' && isReachableName(name) && !Object.hasOwn(methods, name)) methods[name] = value;
    }
  }
  return methods;
}
