/** So many values can be there at a time. */
const MOST = 2 ** 20;

/**
 * What is in hand, by numbers that are never used again. Requests come and go by the thousand, and no Map or Set is made
 * for that: when it makes itself a new table, V8 leaves a trace from the old one to the new one, and by that the garbage
 * collector drags whatever was in it into the old generation.
 */
export class Slots<T extends object> {
  readonly #values: (T | undefined)[] = [];
  readonly #numbers: number[] = [];
  readonly #free: number[] = [];
  #uses = 0;

  /** Returns its number. */
  add(value: T): number {
    const slot = this.#free.pop() ?? this.#values.length;
    const number = ++this.#uses * MOST + slot;
    this.#values[slot] = value;
    this.#numbers[slot] = number;
    return number;
  }

  /** Takes a value in under a number that the other side has given it. */
  put(number: number, value: T): void {
    const slot = number % MOST;
    while (this.#values.length < slot) {
      this.#numbers.push(0);
      this.#values.push(undefined);
    }
    this.#values[slot] = value;
    this.#numbers[slot] = number;
  }

  get(number: unknown): T | undefined {
    if (typeof number !== 'number') return undefined;
    const slot = number % MOST;
    return this.#numbers[slot] === number ? this.#values[slot] : undefined;
  }

  delete(number: number): void {
    const slot = number % MOST;
    if (this.#numbers[slot] !== number) return;
    this.#values[slot] = undefined;
    this.#numbers[slot] = 0;
    // Numbers that the other side gives are its own to use again.
    if (this.#uses > 0) this.#free.push(slot);
  }

  /** Takes all of them out. */
  clear(): T[] {
    const all = this.#values.filter((value) => value !== undefined);
    this.#values.length = this.#numbers.length = this.#free.length = 0;
    return all;
  }
}
