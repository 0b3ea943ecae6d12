import { limitError, protocolError } from '../errors.js';
import type { Packed } from '../wire.js';
import { CODE, HEADER } from './format.js';

export interface CompactLimits {
  readonly depth: number;
  readonly elements: number;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads what the encoder wrote. Nothing of it is trusted: whatever is not as the format says is a protocol error. */
class CompactDecoder {
  #bytes: Uint8Array = NONE;
  #view: DataView = new DataView(NONE.buffer);
  #at = 0;
  /** Where the value ends, and the text begins. */
  #end = 0;
  /** Where the next piece of text begins. */
  #next = 0;
  #text = '';
  #textAt = 0;
  #names: string[][] = [];
  #room = 0;
  #depth = 0;

  constructor(private readonly limits: CompactLimits) {}

  decode(bytes: Uint8Array): Packed {
    this.#begin(bytes);
    const value = this.#value();
    this.#finish();
    return value;
  }

  /** Several, one behind the other: they count as elements. */
  decodeAll(bytes: Uint8Array): Packed[] {
    this.#begin(bytes);
    const values: Packed[] = [];
    while (this.#at < this.#end) {
      this.#take(1);
      values.push(this.#value());
    }
    this.#finish();
    return values;
  }

  #begin(bytes: Uint8Array): void {
    if (bytes.length < HEADER) throw broken();
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = HEADER;
    this.#end = this.#next = HEADER + this.#view.getUint32(0, true);
    if (this.#end > bytes.length) throw broken();
    this.#text = '';
    this.#textAt = 0;
    this.#names = [];
    this.#room = this.limits.elements;
    // As in JSON, whose outermost value is no deeper than nothing.
    this.#depth = this.limits.depth + 1;
  }

  /** Nothing may be left. */
  #finish(): void {
    if (this.#at !== this.#end || this.#textAt !== this.#text.length || this.#next !== this.#bytes.length) throw broken();
    this.#bytes = NONE;
    this.#text = '';
  }

  #value(): Packed {
    if (this.#at >= this.#end) throw broken();
    const code = this.#bytes[this.#at++]!;
    if (code >= CODE.small) return code - CODE.small;
    if (code >= CODE.fewNames) return this.#object(code - CODE.fewNames);
    if (code >= CODE.shortString) return this.#string(code - CODE.shortString);
    if (code >= CODE.shortArray) return this.#array(code - CODE.shortArray);
    switch (code) {
      case CODE.null:
        return null;
      case CODE.false:
        return false;
      case CODE.true:
        return true;
      case CODE.double:
        return this.#double();
      case CODE.integer:
        return this.#number();
      case CODE.negative:
        return -this.#number();
      case CODE.string:
        return this.#string(this.#number());
      case CODE.array:
        return this.#array(this.#number());
      case CODE.names:
        return this.#newNames(this.#number());
      case CODE.object:
        return this.#object(this.#number());
      default:
        throw broken();
    }
  }

  #double(): number {
    const at = this.#at;
    this.#at += 8;
    if (this.#at > this.#end) throw broken();
    return this.#view.getFloat64(at, true);
  }

  #number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.#at >= this.#end) throw broken();
      const byte = this.#bytes[this.#at++]!;
      value += shift < 28 ? (byte & 0x7f) << shift : (byte & 0x7f) * 0x10000000;
      if (byte < 0x80) return value;
    }
    throw broken();
  }

  #string(length: number): string {
    if (length === 0) return '';
    if (this.#textAt === this.#text.length) this.#nextPiece();
    const from = this.#textAt;
    this.#textAt += length;
    if (this.#textAt > this.#text.length) throw broken();
    return this.#text.slice(from, this.#textAt);
  }

  #nextPiece(): void {
    if (this.#next + HEADER > this.#bytes.length) throw broken();
    const header = this.#view.getUint32(this.#next, true);
    const from = this.#next + HEADER;
    this.#next = from + (header >>> 1);
    if (this.#next > this.#bytes.length) throw broken();
    this.#text = (header & 1) === 0 ? utf8.decode(this.#bytes.subarray(from, this.#next)) : this.#utf16(from);
    this.#textAt = 0;
  }

  /** As it is, halves of surrogate pairs included: a TextDecoder would replace them. */
  #utf16(from: number): string {
    let text = '';
    for (let at = from; at + 1 < this.#next; at += 2) text += String.fromCharCode(this.#view.getUint16(at, true));
    return text;
  }

  #array(length: number): Packed[] {
    this.#enter(length);
    const array = new Array<Packed>(length);
    for (let i = 0; i < length; i++) array[i] = this.#value();
    this.#depth++;
    return array;
  }

  #newNames(length: number): Packed {
    this.#mustHave(length);
    const keys: string[] = [];
    for (let i = 0; i < length; i++) keys.push(this.#name());
    return this.#object(this.#names.push(keys) - 1);
  }

  #name(): string {
    const code = this.#at < this.#end ? this.#bytes[this.#at++]! : 0;
    const isShort = code >= CODE.shortString && code < CODE.fewNames;
    if (!isShort && code !== CODE.string) throw broken();
    const name = this.#string(isShort ? code - CODE.shortString : this.#number());
    // Assigned, it would not become a property.
    if (name === '__proto__') throw broken();
    return name;
  }

  #object(number: number): Packed {
    const keys = this.#names[number];
    if (keys === undefined) throw broken();
    this.#enter(keys.length);
    const object: { [key: string]: Packed } = {};
    for (let i = 0; i < keys.length; i++) object[keys[i]!] = this.#value();
    this.#depth++;
    return object;
  }

  /** Begins a container of so many. */
  #enter(length: number): void {
    this.#mustHave(length);
    this.#take(length);
    if (--this.#depth < 0) throw limitError('DEPTH', `a value is nested more than ${this.limits.depth} deep (limits.depth)`);
  }

  #take(elements: number): void {
    this.#room -= elements;
    if (this.#room < 0) throw limitError('ELEMENTS', `it holds more than ${this.limits.elements} elements and properties (limits.elements)`);
  }

  /** Each takes a byte at least: nothing is begun on the word of a length that cannot be true. */
  #mustHave(length: number): void {
    if (length > this.#end - this.#at) throw broken();
  }
}

const NONE = new Uint8Array(0);

/** @throws DynobotError ERR_DYNOBOT_PROTOCOL, ERR_DYNOBOT_LIMIT_DEPTH, ERR_DYNOBOT_LIMIT_ELEMENTS */
export function decodeCompact(bytes: Uint8Array, limits: CompactLimits): Packed {
  return new CompactDecoder(limits).decode(bytes);
}

/**
 * The same of several values, which share the limits.
 *
 * @throws DynobotError ERR_DYNOBOT_PROTOCOL, ERR_DYNOBOT_LIMIT_DEPTH, ERR_DYNOBOT_LIMIT_ELEMENTS
 */
export function decodeCompacts(bytes: Uint8Array, limits: CompactLimits): Packed[] {
  return new CompactDecoder(limits).decodeAll(bytes);
}

function broken(): Error {
  return protocolError('compact data is broken');
}
