import { referenceOf, type Reference } from '../proxies/reference.js';

/** One own property of an object; its value only if it is a primitive, at `VALUE`. */
export type Listed = [name: string, enumerable: boolean, writable: boolean, value?: unknown];
export type Properties = ReadonlyMap<string, Listed>;
export const VALUE = 3;

type Mirrored = Map<Reference, Record<string, unknown>>;

/**
 * What is known of objects without asking: the primitive properties that they arrived with. They hold until the turn of the
 * event loop ends, or this process does something to the object, or with it; what is put aside brings its own when its turn comes.
 */
export class Moment {
  #now: Mirrored = new Map();
  #lists = new Map<Reference, Properties>();
  #isEnding = false;
  #arriving: Mirrored | undefined;
  readonly #brought = new WeakMap<object, Mirrored>();

  constructor(private readonly afterTurn: (task: () => void) => void) {}

  of(reference: Reference): Record<string, unknown> | undefined {
    return this.#now.get(reference);
  }

  /** A reference has arrived, with something that is yet to be handled. */
  arriving(reference: Reference, snapshot: Record<string, unknown>): void {
    (this.#arriving ??= new Map()).set(reference, snapshot);
  }

  /** What has arrived is of this. */
  belongsTo(message: object): void {
    if (this.#arriving === undefined) return;
    this.#brought.set(message, this.#arriving);
    this.#arriving = undefined;
  }

  /** From now on it is as when this message was sent. */
  begin(message: object): void {
    const brought = this.#brought.get(message);
    if (brought === undefined) return;
    this.#brought.delete(message);
    this.#endWithTurn();
    if (this.#now.size === 0) this.#now = brought;
    else for (const [reference, snapshot] of brought) this.#now.set(reference, snapshot);
    for (const reference of brought.keys()) this.#lists.delete(reference);
  }

  /** All own properties of an object, as they have just been listed. */
  list(reference: Reference, properties: Properties): Properties {
    this.#endWithTurn();
    this.#now.delete(reference);
    this.#lists.set(reference, properties);
    return properties;
  }

  listOf(reference: Reference): Properties | undefined {
    return this.#lists.get(reference);
  }

  /** Something is done to an object, or with those that are handed over: they may change. */
  changed(reference: Reference, args: readonly unknown[]): void {
    this.#forget(reference);
    if (this.#now.size + this.#lists.size === 0) return;
    for (const arg of args) {
      const given = (typeof arg === 'object' && arg !== null) || typeof arg === 'function' ? referenceOf(arg) : undefined;
      if (given !== undefined) this.#forget(given);
    }
  }

  #forget(reference: Reference): void {
    this.#now.delete(reference);
    this.#lists.delete(reference);
  }

  /** Nothing is known any more. */
  end(): void {
    if (this.#now.size > 0) this.#now = new Map();
    if (this.#lists.size > 0) this.#lists = new Map();
  }

  #endWithTurn(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.afterTurn(() => {
      this.#isEnding = false;
      this.end();
    });
  }
}
