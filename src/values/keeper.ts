import { boxed } from './boxed.js';
import type { AnyKind, Kind } from './kind.js';
import { isByCopy, isByReference } from './marks.js';
import { isPlainArrayPrototype, isPlainPrototype } from './plain.js';
import { regexp } from './regexp.js';
import { url, urlSearchParams } from './url.js';

/** What everything else than text and binary data counts for. */
const UNIT = 8;
/** Deeper data is kept as it is: it will be refused when it is to cross. */
const DEEPEST = 500;

/** Kinds of nothing but data, besides those that have ways of their own here. */
const DATA: readonly AnyKind[] = [regexp, url, urlSearchParams, boxed];

/**
 * Makes the arguments of an event fit to be kept until it is sent: data among them is copied as it is now, as it would have
 * been if it had been sent at once. Errors, what crosses by reference, and what is stood in for, stay what they are.
 *
 * `bytes` is an estimate: text counts its length, binary data its bytes, keys their length, all else eight.
 */
export function keepArguments(args: readonly unknown[]): { args: unknown[]; bytes: number } {
  const keeper = new Keeper();
  const copies = args.map((arg) => keeper.copy(arg, 0));
  return { args: copies, bytes: keeper.bytes };
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
    if (depth > DEEPEST || isByReference(value)) return this.#asIs(value);
    // It would arrive as a plain object.
    if (isByCopy(value)) return this.#properties(value, {}, depth);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value) && isPlainArrayPrototype(prototype)) return this.#properties(value, [], depth);
    if (isPlainPrototype(prototype)) return this.#properties(value, Object.create(prototype) as object, depth);
    if (value instanceof Map) return this.#map(value, depth);
    if (value instanceof Set) return this.#set(value, depth);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (value instanceof ArrayBuffer) return this.#buffer(value);
    if (value instanceof Date) return this.#as(value, new Date(value.getTime()));
    if (value instanceof Error) return this.#error(value, depth);
    const kind = DATA.find((one) => one.is(value)) as Kind<object> | undefined;
    return kind === undefined ? this.#asIs(value) : this.#ofKind(kind, value, depth);
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

  #ofKind(kind: Kind<object>, value: object, depth: number): object {
    const head = this.copy(kind.head(value, DATA), depth);
    return this.#as(value, kind.create(head, DATA));
  }

  /** It stays what it is, of whatever class; what it holds is counted. */
  #error(value: Error, depth: number): object {
    this.#asIs(value);
    this.#copies.set(value, value);
    for (const key of Object.getOwnPropertyNames(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property !== undefined && 'value' in property) this.copy(property.value, depth);
    }
    return value;
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
