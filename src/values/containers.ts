/** Up to this many, a list is searched faster than a Map. */
const LISTED = 8;

/**
 * The containers of one message, numbered in the order in which they are entered. That one comes again is rare, so what is
 * fast is to find that it does not.
 */
export class Containers {
  #list: object[] = [];
  /** All of them, once they are many, in their order. A Set would do, but V8 (11.3) takes twice as long to fill it. */
  #known: Map<object, true> | undefined;
  /** Their numbers, once one of many has come again. */
  #numbers: Map<object, number> | undefined;

  /** Numbers it; or returns its number, if it has one. */
  add(container: object): number | undefined {
    if (this.#known !== undefined) return this.#addToKnown(this.#known, container);
    const at = this.#list.indexOf(container);
    if (at >= 0) return at;
    if (this.#list.push(container) > LISTED) this.#known = new Map(this.#list.map((container) => [container, true]));
    return undefined;
  }

  /** Of the one that was added last, and those before. */
  get count(): number {
    return this.#known?.size ?? this.#list.length;
  }

  /** All, in order. It stays what it is when this is cleared. */
  get all(): readonly object[] {
    return this.#known === undefined ? this.#list : [...this.#known.keys()];
  }

  clear(): void {
    if (this.#list.length > 0) this.#list = [];
    this.#known = this.#numbers = undefined;
  }

  #addToKnown(known: Map<object, true>, container: object): number | undefined {
    const { size } = known;
    known.set(container, true);
    if (known.size !== size) return void this.#numbers?.set(container, size);
    this.#numbers ??= new Map([...known.keys()].map((each, number) => [each, number]));
    return this.#numbers.get(container);
  }
}
