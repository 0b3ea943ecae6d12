import { referenceOf } from '../proxies/reference.js';
import { isByCopy, isByReference } from '../values/marks.js';
import { isPlainArrayPrototype, isPlainPrototype } from '../values/plain.js';
import type { Referable } from '../values/references.js';
import type { Way } from './way.js';

/** What is about to be handed out, as the rules of its way have it. */
export interface HandedOut<T> {
  readonly value: T;
  /** Where what crosses by reference is found, if that is in a plain object. */
  readonly ways: ReadonlyMap<Referable, Way>;
}

/** The same value without what is denied in plain objects. What has to be changed is copied. */
export function handOut<T>(way: Way, value: T): HandedOut<T> {
  const sifter = new Sifter();
  const sifted = way.inSteps ? sifter.step(value, way.ofValues()) : sifter.sift(value, way);
  return { value: sifted as T, ways: sifter.ways };
}

const sources = new WeakMap<object, object>();

/** What a copy was made of that was handed out in the stead of a plain object: the `this` of its functions. */
export function sourceOf(object: object): object {
  return sources.get(object) ?? object;
}

/** Goes through copied data: plain objects, arrays, maps and sets. */
class Sifter {
  readonly ways = new Map<Referable, Way>();
  /** What was met, with what stands for it. */
  readonly #met = new Map<object, object>();

  /** Of an iteration. */
  step(result: unknown, way: Way): unknown {
    if (typeof result !== 'object' || result === null || !Object.hasOwn(result, 'value')) return result;
    return { ...result, value: this.sift((result as { value: unknown }).value, way) };
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
    return this.#copied(object, copy, (key) => {
      const within = typeof key === 'string' ? way.within(key) : way;
      return within !== way && within.isDenied ? undefined : within;
    });
  }

  #array(array: readonly unknown[], way: Way): object {
    const copy: unknown[] = [];
    copy.length = array.length;
    return this.#copied(array, copy, () => way);
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
