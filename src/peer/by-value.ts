import { Returned } from '../proxies/returned.js';
import type { Referable } from '../values/references.js';
import type { Export } from './exports.js';

/**
 * The exports of one session, by what they are of. Functions are callbacks for the most part, which come and go by the
 * thousand: each carries its export itself, unless it is exported in another session already. All else is in a Map.
 */
export class ByValue {
  readonly #others = new Map<Referable, Export>();

  get(value: Referable): Export | undefined {
    if (typeof value === 'function') {
      const own = Label.of(value, this);
      if (own !== undefined) return own;
    }
    return this.#others.size === 0 ? undefined : this.#others.get(value);
  }

  add(entry: Export): void {
    const { value } = entry;
    if (typeof value !== 'function' || !Label.put(value, this, entry)) this.#others.set(value, entry);
  }

  delete({ value }: Export): void {
    if (typeof value !== 'function' || !Label.remove(value, this)) this.#others.delete(value);
  }
}

/** In private fields of the function, which nobody else can see. */
class Label extends Returned {
  #owner: ByValue | undefined;
  #entry: Export | undefined;

  constructor(fn: object, owner: ByValue, entry: Export) {
    super(fn);
    this.#owner = owner;
    this.#entry = entry;
  }

  static of(fn: object, owner: ByValue): Export | undefined {
    return #owner in fn && fn.#owner === owner ? fn.#entry : undefined;
  }

  /** Returns whether the function could take it. */
  static put(fn: object, owner: ByValue, entry: Export): boolean {
    if (!(#owner in fn)) return Label.#install(fn, owner, entry);
    if (fn.#owner !== undefined) return false;
    fn.#owner = owner;
    fn.#entry = entry;
    return true;
  }

  /** ECMAScript may come to forbid private fields on what is frozen. */
  static #install(fn: object, owner: ByValue, entry: Export): boolean {
    try {
      new Label(fn, owner, entry);
      return true;
    } catch {
      return false;
    }
  }

  static remove(fn: object, owner: ByValue): boolean {
    if (!(#owner in fn) || fn.#owner !== owner) return false;
    fn.#owner = fn.#entry = undefined;
    return true;
  }
}
