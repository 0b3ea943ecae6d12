/** Up to this many, a list is searched faster than a Set. */
const LISTED = 8;

/**
 * The containers of one message, numbered in the order in which they are entered. That one comes again is rare, so what is
 * fast is to find that it does not.
 */
export class Containers {
  #list: object[] = [];
  /** All of them, once they are many. A Set keeps their order. */
  #set: Set<object> | undefined;
  /** Their numbers, once one of many has come again. */
  #numbers: Map<object, number> | undefined;

  /** Numbers it; or returns its number, if it has one. */
  add(container: object): number | undefined {
    if (this.#set !== undefined) return this.#addToSet(this.#set, container);
    const at = this.#list.indexOf(container);
    if (at >= 0) return at;
    if (this.#list.push(container) > LISTED) this.#set = new Set(this.#list);
    return undefined;
  }

  /** Of the one that was added last, and those before. */
  get count(): number {
    return this.#set?.size ?? this.#list.length;
  }

  /** All, in order. It stays what it is when this is cleared. */
  get all(): Iterable<object> {
    return this.#set ?? this.#list;
  }

  clear(): void {
    if (this.#list.length > 0) this.#list = [];
    this.#set = this.#numbers = undefined;
  }

  #addToSet(set: Set<object>, container: object): number | undefined {
    const { size } = set;
    set.add(container);
    if (set.size !== size) return void this.#numbers?.set(container, size);
    this.#numbers ??= new Map([...set].map((known, number) => [known, number]));
    return this.#numbers.get(container);
  }
}
