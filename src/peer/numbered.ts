/** A page is this large: small enough that one value left in it costs little, whatever numbers a peer chooses. */
const SIZE = 32;

interface Page<Value> {
  readonly values: (Value | undefined)[];
  /** How many there are in it. */
  count: number;
}

/**
 * Values by numbers that are given in order and never again, as those of exports and calls are. A Map of them would be made
 * anew with every so many that come and go; here only pages do, and one is found by the number alone.
 */
export class Numbered<Value extends object> {
  readonly #pages = new Map<number, Page<Value>>();
  #size = 0;
  /** The latest that was asked for, while it is there: one listener's events, and the emitter that they are of. */
  #latest = 0;
  #valueOfLatest: Value | undefined = undefined;

  get size(): number {
    return this.#size;
  }

  get(number: number): Value | undefined {
    if (this.#valueOfLatest !== undefined && number === this.#latest) return this.#valueOfLatest;
    const value = this.#page(number)?.values[number % SIZE];
    if (value !== undefined) this.#latest = number;
    return (this.#valueOfLatest = value);
  }

  set(number: number, value: Value): void {
    this.#valueOfLatest = undefined;
    let page = this.#page(number);
    if (page === undefined) this.#pages.set(Math.floor(number / SIZE), (page = { values: new Array<Value | undefined>(SIZE).fill(undefined), count: 0 }));
    if (page.values[number % SIZE] === undefined) {
      page.count++;
      this.#size++;
    }
    page.values[number % SIZE] = value;
  }

  /** Returns whether it was there. */
  delete(number: number): boolean {
    this.#valueOfLatest = undefined;
    const page = this.#page(number);
    if (page?.values[number % SIZE] === undefined) return false;
    page.values[number % SIZE] = undefined;
    this.#size--;
    if (--page.count === 0) this.#pages.delete(Math.floor(number / SIZE));
    return true;
  }

  clear(): void {
    this.#valueOfLatest = undefined;
    this.#pages.clear();
    this.#size = 0;
  }

  /** `number` may be anything that a peer sent. */
  #page(number: number): Page<Value> | undefined {
    return typeof number === 'number' ? this.#pages.get(Math.floor(number / SIZE)) : undefined;
  }

  *values(): Iterable<Value> {
    for (const { values } of this.#pages.values()) for (const value of values) if (value !== undefined) yield value;
  }
}
