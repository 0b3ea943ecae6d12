import type { Packed } from '../wire.js';
import { CODE, HEADER, PIECE } from './format.js';

const utf8 = new TextEncoder();

/** A new scratch buffer is made for longer values, and not kept. */
const KEPT = 256 * 1024;
const FIRST = 8 * 1024;
/** No code with its number, and no double, takes more. */
const MOST_OF_ONE = 9;
const LARGEST_INTEGER = 0x7fffffff;

/** The names of objects that look alike. */
interface Names {
  readonly number: number;
  readonly keys: readonly string[];
}

/**
 * Turns packed values into bytes. It is given one value: whole, or its containers one by one, each before what is in it. Or it
 * is given several, which are then read one behind the other.
 */
export class CompactEncoder {
  #scratch = new Uint8Array(FIRST);
  #bytes = this.#scratch;
  #view = new DataView(this.#bytes.buffer);
  #at = HEADER;
  #text = '';
  #pieces: string[] = [];
  /** Of all pieces. */
  #ended = 0;
  #names = new Map<string, Names[]>();
  #count = 0;
  #elements = 0;
  #latest: Names | undefined;

  /** Elements and properties so far. */
  get elements(): number {
    return this.#elements;
  }

  /** About so many bytes so far. */
  get size(): number {
    return this.#at + this.#ended + this.#text.length;
  }

  /** What was given, as bytes; undefined if it holds more than `most` elements and properties. */
  finish(most: number): Uint8Array | undefined {
    return this.#elements > most ? undefined : this.#finished();
  }

  /** Makes it ready for another value. */
  reset(): void {
    if (this.#bytes.length <= KEPT) this.#scratch = this.#bytes;
    this.#bytes = this.#scratch;
    this.#view = new DataView(this.#bytes.buffer);
    this.#at = HEADER;
    this.#elements = 0;
    this.#text = '';
    this.#pieces = [];
    this.#ended = 0;
    this.#names = new Map<string, Names[]>();
    this.#count = 0;
    this.#latest = undefined;
  }

  value(value: Packed): void {
    this.#grow(MOST_OF_ONE);
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return this.#number(value);
      case 'boolean':
        this.#bytes[this.#at++] = value ? CODE.true : CODE.false;
        return;
      default:
        if (Array.isArray(value)) this.#wholeArray(value);
        else if (value !== null) this.#wholeObject(value);
        else this.#bytes[this.#at++] = CODE.null;
    }
  }

  #wholeArray(array: readonly Packed[]): void {
    this.array(array.length);
    for (let i = 0; i < array.length; i++) this.value(array[i]!);
  }

  #wholeObject(object: { readonly [key: string]: Packed }): void {
    this.object(Object.keys(object));
    const values = Object.values(object);
    for (let i = 0; i < values.length; i++) this.value(values[i]!);
  }

  #string(value: string): void {
    const { length } = value;
    if (length < 32) this.#bytes[this.#at++] = CODE.shortString + length;
    else this.#code(CODE.string, length);
    this.#text += value;
    if (this.#text.length >= PIECE) this.#endPiece();
  }

  #endPiece(): void {
    this.#pieces.push(this.#text);
    this.#ended += this.#text.length;
    this.#text = '';
  }

  #number(value: number): void {
    if (value >= 0 && value <= LARGEST_INTEGER && (value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value < 128) this.#bytes[this.#at++] = CODE.small + value;
      else this.#code(CODE.integer, value);
    } else if (value < 0 && value >= -LARGEST_INTEGER && (value | 0) === value) {
      this.#code(CODE.negative, -value);
    } else {
      this.#bytes[this.#at++] = CODE.double;
      this.#view.setFloat64(this.#at, value, true);
      this.#at += 8;
    }
  }

  #code(code: number, value: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = code;
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
    this.#at = at;
  }

  /** The elements follow. */
  array(length: number): void {
    this.#grow(MOST_OF_ONE);
    this.#elements += length;
    if (length < 16) this.#bytes[this.#at++] = CODE.shortArray + length;
    else this.#code(CODE.array, length);
  }

  /** The values of the properties follow. */
  object(keys: readonly string[]): void {
    this.#grow(MOST_OF_ONE);
    this.#elements += keys.length;
    const names = this.#latest !== undefined && isSame(this.#latest.keys, keys) ? this.#latest : this.#known(keys);
    if (names === undefined) this.#define(keys);
    else this.#refer(names);
  }

  #refer(names: Names): void {
    this.#latest = names;
    if (names.number < 64) this.#bytes[this.#at++] = CODE.fewNames + names.number;
    else this.#code(CODE.object, names.number);
  }

  #known(keys: readonly string[]): Names | undefined {
    return this.#names.get(keys[0] ?? '')?.find((names) => isSame(names.keys, keys));
  }

  #define(keys: readonly string[]): void {
    this.#code(CODE.names, keys.length);
    for (const key of keys) {
      this.#grow(MOST_OF_ONE);
      this.#string(key);
    }
    this.#latest = { number: this.#count++, keys };
    const first = keys[0] ?? '';
    const begun = this.#names.get(first);
    if (begun === undefined) this.#names.set(first, [this.#latest]);
    else if (begun.length < MOST_ALIKE) begun.push(this.#latest);
  }

  #finished(): Uint8Array {
    if (this.#text !== '') this.#endPiece();
    this.#view.setUint32(0, this.#at - HEADER, true);
    for (const piece of this.#pieces) this.#piece(piece);
    return this.#bytes.slice(0, this.#at);
  }

  #piece(text: string): void {
    this.#grow(HEADER + 3 * text.length);
    const from = this.#at + HEADER;
    // UTF-8 has no way to write half of a surrogate pair.
    const isUtf16 = !isWellFormed(text);
    const length = isUtf16 ? this.#utf16(text, from) : utf8.encodeInto(text, this.#bytes.subarray(from)).written;
    this.#view.setUint32(this.#at, 2 * length + (isUtf16 ? 1 : 0), true);
    this.#at = from + length;
  }

  #utf16(text: string, from: number): number {
    for (let i = 0; i < text.length; i++) this.#view.setUint16(from + 2 * i, text.charCodeAt(i), true);
    return 2 * text.length;
  }

  #grow(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + more));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** So many sets of names that begin with the same one are looked through for each object. */
const MOST_ALIKE = 16;

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** Not in use. While values are looked through, code of theirs can run, which may send something itself. */
let idle: CompactEncoder | undefined;

/** What it is given must be as the packer makes it: no property is `__proto__`. Whoever borrows it gives it back. */
export function borrowEncoder(): CompactEncoder {
  const encoder = idle ?? new CompactEncoder();
  idle = undefined;
  return encoder;
}

export function returnEncoder(encoder: CompactEncoder): void {
  encoder.reset();
  idle = encoder;
}

/** Has `give` give a value to an encoder of its own. */
export function encoding<T>(give: (encoder: CompactEncoder) => T): T {
  const encoder = borrowEncoder();
  try {
    return give(encoder);
  } finally {
    returnEncoder(encoder);
  }
}

/** The bytes of what the packer made; undefined if it holds more than `most` elements and properties. */
export function encodeCompact(packed: Packed, most: number): Uint8Array | undefined {
  return encoding((encoder) => {
    encoder.value(packed);
    return encoder.finish(most);
  });
}

function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
