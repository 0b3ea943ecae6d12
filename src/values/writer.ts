import { ESCAPE, TAG, type Packed } from '../wire.js';
import { isItself, takenOf } from './flat.js';
import { isByCopy, isByReference } from './marks.js';
import { isRegular, isSparse, Packer, tooDeep, type Plain } from './packer.js';
import { Uncrossable } from './path.js';
import { isPlainArrayPrototype, isPlainPrototype } from './plain.js';

/** What takes data as it is met: each array and each object is followed by what is in it. */
export interface Sink {
  /** Of what is the same in JSON, and of all that the packer makes. */
  value(packed: Packed): void;
  array(length: number): void;
  /** `keys` are those of its properties, `__proto__` not among them. The sink keeps them. */
  object(keys: readonly string[]): void;
}

/**
 * Packs large data: what is only data goes to a sink at once, instead of into a copy that would be walked through again. All
 * else is packed as ever. Numbers, escapes and limits are the packer's.
 */
export class Writer extends Packer {
  #sink: Sink = NOWHERE;

  /** What `pack` would give. */
  write(value: unknown, sink: Sink): void {
    this.#sink = sink;
    if (typeof value === 'object' && value !== null) this.#object(value);
    else sink.value(this.pack(value));
  }

  /** What `packArguments` would give. */
  writeArguments(args: unknown[], sink: Sink): void {
    this.#sink = sink;
    this.containers.add(args);
    this.#elements(args, args[0]);
  }

  override reset(): void {
    this.#sink = NOWHERE;
    super.reset();
  }

  #part(value: unknown, container?: object): void {
    if (isItself(value)) return this.#sink.value(value);
    if (++this.depth > this.maxDepth) throw tooDeep(this.maxDepth);
    if (typeof value === 'object') this.#object(value!);
    else this.#sink.value(this.pack(value, container));
    this.depth--;
  }

  #object(value: object): void {
    if (!isByReference(value)) {
      const prototype = Object.getPrototypeOf(value) as object | null;
      if (Array.isArray(value) && isPlainArrayPrototype(prototype)) return this.#array(value);
      if (isPlainPrototype(prototype) || isByCopy(value)) return this.#plain(value as Plain, prototype === null);
    }
    this.#sink.value(this.pack(value));
  }

  #array(array: unknown[]): void {
    const again = this.again(array);
    if (again !== undefined) return this.#sink.value(again);
    if (isSparse(array)) return this.#sink.value(this.sparse(array));
    const first = firstOf(array);
    if (first === ESCAPE) this.#escapedArray();
    this.#elements(array, first);
  }

  /** Of an array that would look like an escape: one that holds it. */
  #escapedArray(): void {
    this.escaped = true;
    this.#sink.array(3);
    this.#sink.value(ESCAPE);
    this.#sink.value(TAG.array);
  }

  /** `first` has been read. */
  #elements(array: readonly unknown[], first: unknown): void {
    const { length } = array;
    this.#sink.array(length);
    let i = 0;
    try {
      for (; i < length; i++) this.#part(i === 0 ? first : array[i]);
    } catch (error) {
      throw Uncrossable.within(error, i);
    }
  }

  #plain(object: Plain, bare: boolean): void {
    const again = this.again(object);
    if (again !== undefined) return this.#sink.value(again);
    if (bare || !isRegular(object)) return this.#sink.value(this.entries(object, this.own(object), bare));
    const own = takenOf(object) ?? object;
    const keys = Object.keys(own);
    this.#sink.object(keys);
    let i = 0;
    try {
      // Each is read once, as in a copy. What is inherited would come after what is the object's own.
      for (const key in own) {
        if (i === keys.length) break;
        if (key !== keys[i]) throw changed();
        this.#part(own[key], object);
        i++;
      }
    } catch (error) {
      throw Uncrossable.within(error, keys[i]!);
    }
    if (i < keys.length) throw changed();
  }
}

function firstOf(array: readonly unknown[]): unknown {
  try {
    return array[0];
  } catch (error) {
    throw Uncrossable.within(error, 0);
  }
}

/** A getter has deleted a property of the object that it is in. */
function changed(): Uncrossable {
  return new Uncrossable('it changed while it was read');
}

const NOWHERE: Sink = { value() {}, array() {}, object() {} };
