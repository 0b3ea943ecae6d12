import { isLimitError, limitError, protocolError } from '../errors.js';
import { ESCAPE, TAG, type Packed } from '../wire.js';
import { Bytes } from './bytes.js';
import type { Kind } from './kind.js';
import { isOfRows, type Kinds } from './kinds.js';
import { cameHome } from './carrier.js';
import type { Referable, ReferenceReceiver } from './references.js';
import { Rows, type Row } from './rows.js';
import { LONGEST_BIGINT, LONGEST_SPARSE } from './bounds.js';
import { registeredSymbol, wellKnownSymbol } from './symbol.js';

/** Room for so many containers is kept from one message to the next. */
const KEPT = 64;

/**
 * Unpacks the values of one message that holds escapes, and then of another. What JSON.parse made is reused in place.
 * Nothing that the peer sent is trusted: whatever is not as the packer writes it is a protocol error, which ends the session.
 */
export class Unpacker {
  #attachments: readonly Uint8Array[] = NONE;
  #containers: unknown[] = [];
  #count = 0;
  #depth = 0;
  #taken = 0;
  /** How many heads of kinds it is in. */
  #heads = 0;

  constructor(
    private readonly kinds: Kinds,
    private readonly references: ReferenceReceiver,
    private readonly maxDepth: number,
    /** Elements and properties that a message may hold. */
    private readonly most: number,
  ) {}

  /** The one value of a message. What throws leaves the unpacker as it is: not to be used again. */
  value(packed: Packed, attachments: readonly Uint8Array[]): unknown {
    this.#attachments = attachments;
    const value = this.unpack(packed);
    this.#reset();
    return value;
  }

  /** The arguments of a call: an array also if the first of them is the string that begins an escape. */
  arguments(packed: Packed[], attachments: readonly Uint8Array[]): unknown[] {
    this.#attachments = attachments;
    this.#depth = 1;
    this.#take(packed.length);
    const values = this.#array(packed);
    this.#depth = 0;
    this.#reset();
    return values;
  }

  #reset(): void {
    this.#attachments = NONE;
    if (this.#count > KEPT) this.#containers = [];
    else for (let i = 0; i < this.#count; i++) this.#containers[i] = undefined;
    this.#count = 0;
    this.#taken = 0;
  }

  #take(elements: number): void {
    if ((this.#taken += elements) > this.most) throw limitError('ELEMENTS', `it holds more than ${this.most} elements and properties (limits.elements)`);
  }

  unpack(packed: Packed | undefined): unknown {
    if (typeof packed !== 'object' || packed === null) return packed;
    if (Array.isArray(packed)) this.#take(packed.length);
    if (++this.#depth > this.maxDepth + 1) throw limitError('DEPTH', `a value is nested more than ${this.maxDepth} deep (limits.depth)`);
    const value = Array.isArray(packed) ? (packed[0] === ESCAPE ? this.#escape(packed) : this.#array(packed)) : this.#plain(packed);
    this.#depth--;
    return value;
  }

  #array(array: unknown[]): unknown[] {
    this.#containers[this.#count++] = array;
    for (let i = 0; i < array.length; i++) {
      const element = array[i];
      if (typeof element === 'object' && element !== null) array[i] = this.unpack(element as Packed);
    }
    return array;
  }

  /** Assigns only to properties that the object has as its own, so that no name of a peer's meets a setter. */
  #plain(object: Record<string, unknown>): object {
    this.#containers[this.#count++] = object;
    const keys = Object.keys(object);
    this.#take(keys.length);
    for (const key of keys) {
      const value = object[key];
      if (typeof value === 'object' && value !== null) object[key] = this.unpack(value as Packed);
    }
    return object;
  }

  #escape(parts: Packed[]): unknown {
    const tag = parts[1];
    switch (tag) {
      case undefined:
        return undefined;
      case TAG.number:
        return number(parts[2]);
      case TAG.bigint:
        return bigint(parts[2]);
      case TAG.wellKnown:
        return wellKnownSymbol(text(parts[2])) ?? Symbol(text(parts[2]));
      case TAG.registered:
        return registeredSymbol(text(parts[2]));
      case TAG.again:
        return this.#again(index(parts[2]));
      case TAG.array:
        return this.#array(list(parts[2]));
      case TAG.sparse:
        return this.#sparse(index(parts[2]), list(parts[3]));
      case TAG.object:
        return this.#entries(parts[3] === 1 ? (Object.create(null) as object) : {}, list(parts[2]));
      case TAG.rows:
        return this.#ofRows(text(parts[2]), parts);
      case TAG.bytes:
        return this.#bytes(index(parts[2]));
      case TAG.function:
        return this.references.function(index(parts[2]), index(parts[3] ?? 0), text(parts[4] ?? ''), index(parts[5] ?? 0), index(parts[6] ?? 0));
      case TAG.instance:
        return this.references.instance(index(parts[2]), index(parts[3]), this.#snapshot(parts[4]), parts[5] === undefined ? undefined : index(parts[5]));
      case TAG.symbol:
        return this.references.symbol(index(parts[2]), parts[3] === undefined ? undefined : text(parts[3]));
      case TAG.home:
        return this.#home(index(parts[2]));
      default:
        return this.#kind(text(tag), parts);
    }
  }

  #again(number: number): unknown {
    const value = number < this.#count ? this.#containers[number] : undefined;
    if (value === undefined) throw protocolError('a value refers to one that is not there');
    return value;
  }

  #sparse(length: number, entries: unknown[]): unknown[] {
    if (length > LONGEST_SPARSE) throw protocolError('an array with holes is too long');
    const array: unknown[] = [];
    array.length = length;
    return this.#entries(array, entries);
  }

  #entries<T extends object>(object: T, entries: unknown[]): T {
    this.#containers[this.#count++] = object;
    for (const entry of entries) {
      const [packedKey, packedValue] = list(entry as Packed);
      const key = this.unpack(packedKey as Packed);
      if (typeof key !== 'string' && typeof key !== 'symbol') throw protocolError('a property has no name');
      const value = this.unpack(packedValue as Packed);
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    }
    return object;
  }

  #bytes(n: number): Bytes {
    const bytes = this.#attachments[n];
    if (bytes === undefined) throw protocolError('a value refers to an attachment that is not there');
    return new Bytes(bytes);
  }

  #ofRows(tag: string, parts: Packed[]): object {
    const kind = this.kinds.tagged(tag);
    if (kind === undefined || !isOfRows(kind)) throw protocolError(`there is no kind of value with the tag ${JSON.stringify(tag)} here that is of rows`);
    const rows = parts.slice(3);
    for (const row of rows) if (typeof row === 'object' && row !== null) this.#row(list(row));
    const value = create(kind, new Rows(rows as Row[]), this.references);
    this.#containers[this.#count++] = value;
    return value;
  }

  #row(row: unknown[]): void {
    this.#take(row.length);
    for (const value of row) if (typeof value === 'object' && value !== null) throw protocolError('a row holds more than primitives');
  }

  #snapshot(packed: Packed | undefined): Record<string, unknown> | undefined {
    if (packed === undefined) return undefined;
    if (typeof packed !== 'object' || packed === null || Array.isArray(packed)) throw protocolError('a snapshot is not an object');
    for (const key of Object.keys(packed)) if (typeof packed[key] === 'object') packed[key] = this.unpack(packed[key]) as Packed;
    return packed;
  }

  #home(id: number): Referable {
    const value = this.references.home(id);
    if (this.#heads > 0 && typeof value !== 'symbol') cameHome(value);
    return value;
  }

  #kind(tag: string, parts: Packed[]): unknown {
    const kind = this.kinds.tagged(tag);
    if (kind === undefined) throw protocolError(`there is no kind of value with the tag ${JSON.stringify(tag)} here`);
    const number = this.#count++;
    this.#containers[number] = undefined;
    // What a value is made of is no deeper than the value itself.
    this.#depth--;
    this.#heads++;
    const head = this.references.standIn(() => this.unpack(parts[2]));
    this.#heads--;
    const value = create(kind, head, this.references);
    this.#containers[number] = value;
    if (parts.length > 3 && kind.fill !== undefined) fill(kind, value, this.unpack(parts[3]));
    this.#depth++;
    return value;
  }
}

const NONE: readonly Uint8Array[] = [];

function create(kind: Kind, head: unknown, references: ReferenceReceiver): object {
  try {
    return kind.create(head, references);
  } catch (error) {
    throw unmakeable(kind, error);
  }
}

function fill(kind: Kind, value: object, body: unknown): void {
  try {
    kind.fill!(value, body);
  } catch (error) {
    throw unmakeable(kind, error);
  }
}

function unmakeable({ tag }: Kind, cause: unknown): unknown {
  return isLimitError(cause) ? cause : Object.assign(protocolError(`a value of kind ${tag} cannot be made here`), { cause });
}

function index(packed: Packed | undefined): number {
  if (typeof packed !== 'number' || !Number.isSafeInteger(packed) || packed < 0) throw protocolError('a value has a wrong number');
  return packed;
}

function text(packed: Packed | undefined): string {
  if (typeof packed !== 'string') throw protocolError('a value lacks a name');
  return packed;
}

function list(packed: Packed | undefined): unknown[] {
  if (!Array.isArray(packed)) throw protocolError('a value lacks its parts');
  return packed;
}

const NUMBERS = new Map([['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity], ['-0', -0]]);

function number(packed: Packed | undefined): number {
  const value = NUMBERS.get(text(packed));
  if (value === undefined) throw protocolError('a value is no number');
  return value;
}

function bigint(packed: Packed | undefined): bigint {
  const digits = text(packed);
  if (digits.length > LONGEST_BIGINT || !/^-?\d+$/.test(digits)) throw protocolError('a value is no bigint');
  return BigInt(digits);
}
