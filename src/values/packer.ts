import { limitError } from '../errors.js';
import { ESCAPE, TAG, type Packed } from '../wire.js';
import { LONGEST_BIGINT, LONGEST_SPARSE } from './bounds.js';
import { Bytes } from './bytes.js';
import { Containers } from './containers.js';
import { copyOf } from './copies.js';
import { isItself, take } from './flat.js';
import { asyncIteratorOf } from './iterator.js';
import type { Kind } from './kind.js';
import type { Kinds } from './kinds.js';
import { isByCopy, isByReference, Referred } from './marks.js';
import { Uncrossable } from './path.js';
import { isPlainArrayPrototype, isPlainPrototype } from './plain.js';
import type { ReferenceSender } from './references.js';
import { Rows, rowsEscape } from './rows.js';
import { LONGEST_KEY, wellKnownName } from './symbol.js';

export type Plain = Record<PropertyKey, unknown>;

/** Values that look like instances but have nothing a reference could be used for. */
const WEAK = 'is tied to objects of this process';
const REFUSED = new Map([
  ['WeakMap', WEAK], ['WeakSet', WEAK], ['WeakRef', WEAK], ['FinalizationRegistry', WEAK],
  ['SharedArrayBuffer', 'is shared memory, which processes have none of: copy its bytes'],
]);

/**
 * Packs the values of one message. What it returns is a copy, each part of which was read once: what turns it into text
 * runs no code of the user's.
 *
 * Containers are numbered in the order in which they are entered; the unpacker numbers them in the same way.
 */
export class Packer {
  /** Whether an escape was written. */
  escaped = false;
  attachments: Uint8Array[] = [];
  /** The arguments of a call are the first, if it is a call. */
  protected readonly containers = new Containers();
  /** Kinds that are being packed and cannot yet be referred to: their value is made only from what they hold. */
  readonly #unmade: number[] = [];
  protected depth = 0;

  constructor(
    private readonly kinds: Kinds,
    private readonly references: ReferenceSender,
    protected readonly maxDepth: number,
  ) {}

  /** Makes it ready for another message. */
  reset(): void {
    this.escaped = false;
    this.#unmade.length = 0;
    this.depth = 0;
    if (this.attachments.length > 0) this.attachments = [];
    this.containers.clear();
  }

  /** See PROTOCOL.md: 0, or one more than the number of attachments. */
  get escapes(): number {
    return this.escaped ? this.attachments.length + 1 : 0;
  }

  /** The arrays and objects that were packed, the arguments of a call first. */
  get packed(): readonly object[] {
    return this.containers.all;
  }

  /** The arguments of a call, which are an array of our own. */
  packArguments(args: unknown[]): Packed {
    this.containers.add(args);
    return this.#elements(args);
  }

  pack(value: unknown, container?: object): Packed {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return isItself(value) ? value : this.#escape(TAG.number, value === 0 ? '-0' : String(value));
      case 'object':
        return value === null ? null : this.#object(value);
      case 'undefined':
        this.escaped = true;
        return [ESCAPE];
      case 'bigint':
        return this.#bigint(String(value));
      case 'function':
        this.escaped = true;
        return this.references.send(value, container);
      default:
        return this.#symbol(value as symbol);
    }
  }

  /** The `this` of a call, as text: it is passed if it crosses by reference. A copy of data would be somebody else. */
  receiver(receiver: unknown): string | undefined {
    if (receiver === undefined || receiver === null || receiver === globalThis) return undefined;
    if (typeof receiver !== 'object' && typeof receiver !== 'function') return undefined;
    if (!this.references.refers(receiver) && !isByReference(receiver)) {
      const prototype = Object.getPrototypeOf(receiver) as object | null;
      if (isPlainPrototype(prototype) || Array.isArray(receiver) || this.kinds.of(receiver) !== undefined) return undefined;
    }
    return this.references.sendReceiver(receiver);
  }

  #escape(...parts: Packed[]): Packed {
    this.escaped = true;
    return [ESCAPE, ...parts];
  }

  #bigint(digits: string): Packed {
    if (digits.length > LONGEST_BIGINT) throw new Uncrossable(`it is a bigint of more than ${LONGEST_BIGINT} digits`);
    return this.#escape(TAG.bigint, digits);
  }

  #symbol(value: symbol): Packed {
    const name = wellKnownName(value);
    if (name !== undefined) return this.#escape(TAG.wellKnown, name);
    const key = Symbol.keyFor(value);
    if (key !== undefined && key.length > LONGEST_KEY) throw new Uncrossable(`the key of a registered symbol is longer than ${LONGEST_KEY}`);
    if (key !== undefined) return this.#escape(TAG.registered, key);
    this.escaped = true;
    return this.references.send(value);
  }

  #object(value: object): Packed {
    if (isByReference(value)) return this.reference(value);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value) && isPlainArrayPrototype(prototype)) return this.again(value) ?? this.#array(value);
    if (isPlainPrototype(prototype) || isByCopy(value)) return this.again(value) ?? this.#plain(value as Plain, prototype === null);
    if (value instanceof Bytes) return this.#attach(value);
    if (value instanceof Referred) return this.reference(value.value);
    if (this.references.refers(value)) return this.reference(value);
    const kind = this.kinds.of(value);
    if (kind !== undefined) return this.again(value) ?? this.#kind(kind, value);
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    const refused = REFUSED.get(tag);
    if (refused !== undefined) throw new Uncrossable(`a ${tag} ${refused}`);
    return this.reference(value);
  }

  /** A copy of the bytes as they are now: their owner may write to them before they are sent. */
  #attach(bytes: Bytes): Packed {
    return this.#escape(TAG.bytes, this.attachments.push(copyOf(bytes.view)) - 1);
  }

  protected reference(value: object): Packed {
    this.escaped = true;
    return this.references.send(value);
  }

  /** The escape for a container that this message holds already; otherwise numbers it. */
  protected again(value: object): Packed | undefined {
    const number = this.containers.add(value);
    if (number === undefined) return undefined;
    if (this.#unmade.includes(number)) throw new Uncrossable('it holds itself, and is of a kind that is made from what it holds');
    return this.#escape(TAG.again, number);
  }

  #array(array: unknown[]): Packed {
    if (isSparse(array)) return this.sparse(array);
    const packed = this.#elements(array);
    return packed[0] === ESCAPE ? this.#escape(TAG.array, packed) : packed;
  }

  /** A copy of the elements. JSON would read an accessor again, and ask a `toJSON` that does not cross. */
  #elements(array: unknown[]): Packed[] {
    const copy: Packed[] = [];
    let i = 0;
    try {
      for (; i < array.length; i++) {
        const element = array[i];
        copy.push(isItself(element) ? element : this.#nest(element));
      }
    } catch (error) {
      throw Uncrossable.within(error, i);
    }
    return copy;
  }

  protected sparse(array: unknown[]): Packed {
    if (array.length > LONGEST_SPARSE) throw new Uncrossable(`it is an array with holes, longer than ${LONGEST_SPARSE}`);
    const entries = Object.keys(array).map((key): Packed => [key, this.#part(key, () => array[key as unknown as number])]);
    return this.#escape(TAG.sparse, array.length, entries);
  }

  #plain(object: Plain, bare: boolean): Packed {
    const own = this.own(object);
    if (bare || !isRegular(own)) return this.entries(object, own, bare);
    const keys = Object.keys(own);
    let i = 0;
    try {
      for (; i < keys.length; i++) {
        const key = keys[i]!;
        const value = own[key];
        if (!isItself(value)) own[key] = this.#nest(value, object);
      }
    } catch (error) {
      throw Uncrossable.within(error, keys[i]!);
    }
    return own as { [key: string]: Packed };
  }

  /** A copy, with each property read once. If that throws, where. */
  protected own(object: Plain): Plain {
    try {
      return take(object);
    } catch {
      const own: Plain = {};
      for (const key of Reflect.ownKeys(object)) if (Object.prototype.propertyIsEnumerable.call(object, key)) own[key] = read(object, key);
      return own;
    }
  }

  /** Of an object that JSON would not keep. `own` is its copy. */
  protected entries(object: Plain, own: Plain, bare: boolean): Packed {
    const entries: Packed[] = [];
    for (const key of Reflect.ownKeys(own)) {
      const value = (): unknown => (key === Symbol.asyncIterator ? asyncIteratorOf(object) : own[key]);
      entries.push([this.pack(key), this.#part(key, value, object)]);
    }
    return this.#escape(TAG.object, entries, bare ? 1 : 0);
  }

  #kind(kind: Kind, value: object): Packed {
    const { references } = this;
    this.escaped = true;
    const made = kind.head(value, references);
    if (made instanceof Rows) return rowsEscape(kind, made);
    this.#unmade.push(this.containers.count - 1);
    // What a value is made of is no deeper than the value itself.
    const head = this.pack(references.partsOf(value, made, 'head'));
    this.#unmade.pop();
    if (kind.body === undefined) return [ESCAPE, kind.tag, head];
    return [ESCAPE, kind.tag, head, this.pack(references.partsOf(value, kind.body(value), 'body'))];
  }

  #part(key: PropertyKey, read: () => unknown, container?: object): Packed {
    try {
      return this.#nest(read(), container);
    } catch (error) {
      throw Uncrossable.within(error, key);
    }
  }

  #nest(value: unknown, container?: object): Packed {
    if (++this.depth > this.maxDepth) throw tooDeep(this.maxDepth);
    const packed = this.pack(value, container);
    this.depth--;
    return packed;
  }
}

/** Whether an array has holes, or properties besides its elements. None of them is read: they may be accessors. */
export function isSparse(array: readonly unknown[]): boolean {
  const { length } = array;
  const keys = Object.keys(array);
  // Indices come first, and in order.
  if (keys.length === length && (length === 0 || keys[length - 1] === String(length - 1))) return false;
  for (let i = 0; i < length; i++) if (!(i in array)) return true;
  return keys.length > length;
}

/** Whether JSON has room for all the keys. */
export function isRegular(own: object): boolean {
  return Object.getOwnPropertySymbols(own).length === 0 && !Object.hasOwn(own, '__proto__');
}

function read(object: Plain, key: PropertyKey): unknown {
  try {
    return object[key];
  } catch (error) {
    throw Uncrossable.within(error, key);
  }
}

export function tooDeep(most: number): Uncrossable {
  const reason = `it is nested more than ${most} deep (limits.depth)`;
  return new Uncrossable(reason, { cause: limitError('DEPTH', reason) });
}
