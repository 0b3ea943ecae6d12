import { referenceOf } from '../proxies/reference.js';
import { isByCopy, isByReference } from '../values/marks.js';
import { isPlainArrayPrototype, isPlainPrototype } from '../values/plain.js';
import type { Referable } from '../values/references.js';
import type { Way } from './way.js';

/** Where single values are that are about to be handed out, as far as that was seen. */
export type Ways = Map<Referable, Way>;

/** The same value without what is denied in plain objects. What has to be changed is copied. */
export function handOut<T>(way: Way, value: T, ways: Ways = new Map()): T {
  const sifter = new Sifter(ways);
  return (way.inSteps ? sifter.step(value, way.ofValues()) : sifter.sift(value, way)) as T;
}

/** The same of what a value of a kind of its own is made of, whose names are the kind's, and no part of a path. */
export function handOutParts(way: Way, parts: unknown, ways: Ways): unknown {
  return new Sifter(ways).parts(parts, way);
}

const sources = new WeakMap<object, object>();

/** What a copy was made of that was handed out in the stead of a plain object: the `this` of its functions. */
export function sourceOf(object: object): object {
  return sources.get(object) ?? object;
}

/** Goes through copied data: plain objects, arrays, maps and sets. */
class Sifter {
  /** What was met, with what stands for it. */
  readonly #met = new Map<object, object>();

  constructor(private readonly ways: Ways) {}

  /** Of an iteration; all else is a value. */
  step(result: unknown, way: Way): unknown {
    if (typeof result !== 'object' || result === null || !Object.hasOwn(result, 'value')) return this.sift(result, way);
    return { ...result, value: this.sift((result as { value: unknown }).value, way) };
  }

  parts(parts: unknown, way: Way): unknown {
    if (typeof parts !== 'object' || parts === null || !isPlainPrototype(Object.getPrototypeOf(parts) as object | null)) return this.sift(parts, way);
    return this.#copied(parts, {}, () => way);
  }

  sift(value: unknown, way: Way): unknown {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return value;
    const met = this.#met.get(value);
    if (met !== undefined) return met;
    const sift = typeof value === 'function' ? undefined : this.#howTo(value, way);
    if (sift === undefined) {
      this.#met.set(value, value);
      this.ways.set(value, way);
      return value;
    }
    const sifted = sift();
    this.#met.set(value, sifted);
    return sifted;
  }

  /** Undefined if it is not copied, or by a kind of its own. */
  #howTo(value: object, way: Way): (() => object) | undefined {
    if (isByReference(value) || referenceOf(value) !== undefined) return undefined;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value)) return isPlainArrayPrototype(prototype) ? () => this.#array(value, way) : undefined;
    if (prototype === Map.prototype) return () => this.#map(value as Map<unknown, unknown>, way);
    if (prototype === Set.prototype) return () => this.#set(value as Set<unknown>, way);
    return isPlainPrototype(prototype) || isByCopy(value) ? () => this.#plain(value, prototype === null, way) : undefined;
  }

  #plain(object: object, bare: boolean, way: Way): object {
    const copy = Object.create(bare ? null : Object.prototype) as object;
    sources.set(copy, object);
    return this.#copied(object, copy, (key) => (typeof key === 'string' ? allowed(way.within(key)) : way));
  }

  #array(array: readonly unknown[], way: Way): object {
    const copy: unknown[] = [];
    copy.length = array.length;
    return this.#copied(array, copy, (key) => (typeof key === 'string' && !INDEX.test(key) ? allowed(way.within(key)) : way));
  }

  /** Each property is read once: what an accessor gives stays what was looked at. */
  #copied(object: object, copy: object, wayTo: (key: PropertyKey) => Way | undefined): object {
    this.#met.set(object, copy);
    let isSame = true;
    for (const key of Reflect.ownKeys(object)) {
      const { enumerable, get } = Object.getOwnPropertyDescriptor(object, key) ?? {};
      if (enumerable !== true) continue;
      const within = wayTo(key);
      if (within === undefined) {
        isSame = false;
        continue;
      }
      const member: unknown = Reflect.get(object, key);
      const value = this.sift(member, within);
      isSame &&= value === member && get === undefined;
      Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
    }
    return isSame ? object : copy;
  }

  #map(map: Map<unknown, unknown>, way: Way): object {
    const copy = new Map<unknown, unknown>();
    this.#met.set(map, copy);
    let isSame = true;
    for (const [key, member] of map) {
      const [siftedKey, value] = [this.sift(key, way), this.sift(member, way)];
      isSame &&= siftedKey === key && value === member;
      copy.set(siftedKey, value);
    }
    return isSame ? map : copy;
  }

  #set(set: Set<unknown>, way: Way): object {
    const copy = new Set<unknown>();
    this.#met.set(set, copy);
    let isSame = true;
    for (const member of set) {
      const value = this.sift(member, way);
      isSame &&= value === member;
      copy.add(value);
    }
    return isSame ? set : copy;
  }
}

/** Elements of an array are where the array is; what else it has is at a path of its own. */
const INDEX = /^\d+$/;

function allowed(way: Way): Way | undefined {
  return way.isDenied ? undefined : way;
}
