import { referenceOf, type InspectOptions, type Reference } from '../proxies/reference.js';

/**
 * What an inspector shows of a hosted object: its own properties and its class's name, without what a class of proxies
 * has. What it refers to is copied likewise, as deep as it is shown, and once: so identity and cycles show, and each
 * hosted object is asked once, however often it is met. A property that cannot be read is shown by its error.
 */
export function copyToInspect(proxy: object, { depth, maxArrayLength = 100 }: InspectOptions): object {
  return new Copies(depth ?? Infinity, maxArrayLength ?? Infinity).of(proxy);
}

/** Stands for properties that are too deep to be shown: without any, an object would be shown as empty. */
const UNSHOWN = '…';

class Copies {
  /** The copies of hosted objects by their references, those of data by themselves. */
  readonly #copies = new Map<object, object>();
  /** Nearest first: so nothing is left out at a depth that is shown elsewhere at a lesser one. */
  readonly #unfilled: [level: number, fill: (level: number) => void][] = [];

  constructor(
    private readonly depth: number,
    private readonly most: number,
  ) {}

  of(proxy: object): object {
    const copy = this.#copy(proxy, 0) as object;
    for (let next = this.#unfilled.shift(); next !== undefined; next = this.#unfilled.shift()) next[1](next[0] + 1);
    return copy;
  }

  #copy(value: unknown, level: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const reference = referenceOf(value);
    const known = this.#copies.get(reference ?? value);
    if (known !== undefined) return known;
    const made = reference === undefined ? this.#ofData(value, level) : this.#ofHosted(value, reference, level);
    if (made !== value) this.#copies.set(reference ?? value, made);
    return made;
  }

  #ofHosted(proxy: object, { released, session }: Reference, level: number): object {
    if (released || session.ended || session.inspected === undefined) return proxy;
    if (Array.isArray(proxy)) return this.#filled(level, [], (copy, next) => this.#fillArray(copy, Array.from(proxy as unknown[]), next));
    const copy = named((proxy as { constructor?: unknown }).constructor);
    if (level > this.depth) return Object.defineProperty(copy, UNSHOWN, { enumerable: true });
    return this.#filled(level, copy, (filled, next) => this.#fillObject(filled, proxy, next));
  }

  /** Of data, what a literal or a collection makes can hold hosted objects. The rest is shown as it is. */
  #ofData(value: object, level: number): object {
    if (level > this.depth) return value;
    if (Array.isArray(value)) return this.#filled(level, [] as unknown[], (copy, next) => this.#fillArray(copy, value, next));
    if (value instanceof Map) return this.#filled(level, new Map<unknown, unknown>(), (copy, next) => this.#fillMap(copy, value, next));
    if (value instanceof Set) return this.#filled(level, new Set<unknown>(), (copy, next) => this.#fillSet(copy, value, next));
    const prototype = Object.getPrototypeOf(value) as unknown;
    if (prototype !== Object.prototype && prototype !== null) return value;
    return this.#filled(level, Object.create(prototype) as object, (copy, next) => this.#fillObject(copy, value, next));
  }

  #filled<T extends object>(level: number, copy: T, fill: (copy: T, next: number) => void): T {
    this.#unfilled.push([level, (next) => fill(copy, next)]);
    return copy;
  }

  #fillObject(copy: object, from: object, level: number): void {
    for (const key of Object.keys(from)) Object.defineProperty(copy, key, { value: this.#copy(read(from, key), level), enumerable: true });
  }

  // What is not shown of a collection is counted, and not asked about.

  #fillArray(copy: unknown[], from: unknown[], level: number): void {
    copy.length = from.length;
    for (const key of Object.keys(from)) Reflect.set(copy, key, Number(key) >= this.most ? undefined : this.#copy(Reflect.get(from, key), level));
  }

  #fillMap(copy: Map<unknown, unknown>, from: Map<unknown, unknown>, level: number): void {
    for (const [key, value] of from) copy.set(...(copy.size >= this.most ? [key, value] as const : [this.#copy(key, level), this.#copy(value, level)] as const));
  }

  #fillSet(copy: Set<unknown>, from: Set<unknown>, level: number): void {
    for (const value of from) copy.add(copy.size >= this.most ? value : this.#copy(value, level));
  }
}

function named(constructor: unknown): object {
  if (typeof constructor !== 'function') return Object.create(null) as object;
  const { prototype } = class {};
  Object.defineProperty(prototype.constructor, 'name', { value: constructor.name });
  return Object.create(prototype) as object;
}

function read(object: object, key: string): unknown {
  try {
    return Reflect.get(object, key);
  } catch (error) {
    return error;
  }
}
