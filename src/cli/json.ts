import { inspect, types } from 'node:util';
import { isProxy } from '../index.js';
import { isPlainPrototype } from '../values/plain.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Whatever crosses, as JSON: dates and URLs as strings, bytes in base64, maps as pairs, and what is not data (references,
 * functions, streams) as what `console.log` shows of it.
 *
 * @param met is told of each reference
 */
export function toJson(value: unknown, met: (proxy: object) => void = () => {}): Json {
  return new Translation(met).of(value);
}

export function jsonLine(value: unknown): string {
  return JSON.stringify(toJson(value));
}

class Translation {
  readonly #above: object[] = [];

  constructor(private readonly met: (proxy: object) => void) {}

  of(value: unknown): Json {
    switch (typeof value) {
      case 'undefined':
        return null;
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'bigint':
        return String(value);
      case 'object':
        return value === null ? null : this.#object(value);
      default:
        return this.#opaque(value as symbol | object);
    }
  }

  #object(value: object): Json {
    if (this.#above.includes(value)) return '[Circular]';
    this.#above.push(value);
    try {
      return isProxy(value) ? this.#opaque(value) : this.#data(value);
    } finally {
      this.#above.pop();
    }
  }

  #data(value: object): Json {
    if (Array.isArray(value)) return value.map((element) => this.of(element));
    if (value instanceof Map) return [...value].map(([key, element]) => [this.of(key), this.of(element)]);
    if (value instanceof Set) return [...value].map((element) => this.of(element));
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof URL || value instanceof URLSearchParams || value instanceof RegExp) return String(value);
    if (types.isAnyArrayBuffer(value)) return base64(value, 0, value.byteLength);
    if (types.isUint8Array(value) || types.isDataView(value)) return base64(value.buffer, value.byteOffset, value.byteLength);
    if (types.isTypedArray(value)) return [...(value as Iterable<number | bigint>)].map((element) => this.of(element));
    if (value instanceof Error) return this.#properties(Object.assign({ name: value.name, message: value.message, cause: value.cause }, value));
    if (value instanceof Event) return this.#properties(Object.assign({ type: value.type }, value));
    return isPlainPrototype(Object.getPrototypeOf(value) as object | null) ? this.#properties(value) : this.#opaque(value);
  }

  #properties(value: object): Json {
    const known = Object.entries(value).filter(([, property]) => property !== undefined);
    return Object.fromEntries(known.map(([key, property]) => [key, this.of(property)]));
  }

  #opaque(value: symbol | object): string {
    if (typeof value !== 'symbol' && isProxy(value)) this.met(value);
    return inspect(value, { depth: 0, breakLength: Infinity, compact: true });
  }
}

function base64(buffer: ArrayBufferLike, offset: number, length: number): string {
  return Buffer.from(buffer, offset, length).toString('base64');
}
