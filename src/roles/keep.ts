import { isByCopy, isByReference } from '../values/marks.js';
import { isPlainArrayPrototype, isPlainPrototype } from '../values/plain.js';
import type { RoleEvent } from './role-event.js';

/** What everything else than text and binary data counts for. */
const UNIT = 8;
/** Deeper data is kept as it is: it will be refused when it is to cross. */
const DEEPEST = 500;

/**
 * Makes an event fit to be kept: data in its arguments is copied as it is now, as it would have been if it had been sent at
 * once. What crosses by reference, and what is stood in for, stays what it is.
 *
 * Its bytes are counted on the way: text by its length, binary data by its bytes, keys by their length, all else by eight.
 */
export function keep(event: RoleEvent): void {
  if (event.kept) return;
  const keeper = new Keeper();
  event.args = event.args.map((arg) => keeper.copy(arg, 0));
  event.bytes = keeper.bytes;
  event.kept = true;
}

class Keeper {
  bytes = 0;
  readonly #copies = new Map<object, unknown>();

  copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') this.bytes += value.length;
    else if (typeof value !== 'object' || value === null) this.bytes += UNIT;
    else return this.#copies.get(value) ?? this.#object(value, depth + 1);
    return value;
  }

  #object(value: object, depth: number): unknown {
    if (depth > DEEPEST || isByReference(value) || isByCopy(value)) return this.#asIs(value);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value) && isPlainArrayPrototype(prototype)) return this.#properties(value, [], depth);
    if (isPlainPrototype(prototype)) return this.#properties(value, Object.create(prototype) as object, depth);
    if (value instanceof Map) return this.#map(value, depth);
    if (value instanceof Set) return this.#set(value, depth);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (value instanceof ArrayBuffer) return this.#buffer(value);
    if (value instanceof Date) return this.#as(value, new Date(value.getTime()));
    return this.#asIs(value);
  }

  #asIs(value: object): object {
    this.bytes += UNIT;
    return value;
  }

  #as<T extends object>(value: object, copy: T): T {
    this.#copies.set(value, copy);
    this.bytes += UNIT;
    return copy;
  }

  #properties(value: object, copy: object, depth: number): object {
    this.#copies.set(value, copy);
    if (Array.isArray(value)) (copy as unknown[]).length = value.length;
    for (const key of Reflect.ownKeys(value)) {
      if (!Object.prototype.propertyIsEnumerable.call(value, key)) continue;
      if (typeof key === 'string' && !Array.isArray(value)) this.bytes += key.length;
      const property = this.copy(Reflect.get(value, key), depth);
      Object.defineProperty(copy, key, { value: property, writable: true, enumerable: true, configurable: true });
    }
    return copy;
  }

  #map(value: Map<unknown, unknown>, depth: number): object {
    const copy = this.#as(value, new Map<unknown, unknown>());
    for (const [key, entry] of value) copy.set(this.copy(key, depth), this.copy(entry, depth));
    return copy;
  }

  #set(value: Set<unknown>, depth: number): object {
    const copy = this.#as(value, new Set<unknown>());
    for (const entry of value) copy.add(this.copy(entry, depth));
    return copy;
  }

  /** Node's Buffer takes a slice for a view of the same memory. */
  #view(value: ArrayBufferView): object {
    this.bytes += value.byteLength;
    const memory = value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength);
    const copy = typeof Buffer === 'function' && Buffer.isBuffer(value)
      ? Buffer.from(memory as ArrayBuffer)
      : new (value.constructor as new (buffer: ArrayBufferLike) => ArrayBufferView)(memory);
    this.#copies.set(value, copy);
    return copy;
  }

  #buffer(value: ArrayBuffer): object {
    this.bytes += value.byteLength;
    const copy = value.slice(0);
    this.#copies.set(value, copy);
    return copy;
  }
}
