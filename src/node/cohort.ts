import type { WeakHold } from '../platform.js';
import { Returned } from '../proxies/returned.js';

/** So many functions are held together at the most. */
export const COHORT = 32;

/**
 * New functions that are held by one WeakRef, which costs as much as one function: each has all of them, so they are collected
 * together, or not at all.
 */
export class Cohort<Note extends object> implements WeakHold<object> {
  readonly notes: Note[] = [];
  readonly #functions: WeakRef<object[]>;

  constructor(
    first: object,
    note: Note,
    private readonly apart: (note: Note, hold: WeakHold<object>) => void,
  ) {
    const functions: object[] = [];
    this.#functions = new WeakRef(functions);
    this.#add(functions, first, note);
  }

  /** Returns whether it could: a full one cannot, nor one that was collected. */
  takes(fn: object, note: Note): boolean {
    const functions = this.notes.length < COHORT ? this.#functions.deref() : undefined;
    if (functions !== undefined) this.#add(functions, fn, note);
    return functions !== undefined;
  }

  #add(functions: object[], fn: object, note: Note): void {
    functions.push(fn);
    this.notes.push(note);
    new Member(fn, functions);
  }

  deref(note?: object): object | undefined {
    return this.#functions.deref()?.[this.notes.indexOf(note as Note)];
  }

  /** Dissolves it. Undefined if it was collected; otherwise the functions, in the order of the notes, of which some may be garbage. */
  dissolve(hold: (fn: object) => WeakHold<object>): readonly object[] | undefined {
    const functions = this.#functions.deref()?.splice(0);
    functions?.forEach((fn, i) => this.apart(this.notes[i]!, hold(fn)));
    return functions;
  }
}

class Member extends Returned {
  /** Never read: it is there to be reachable. */
  readonly #functions: readonly object[];

  constructor(fn: object, functions: readonly object[]) {
    super(fn);
    this.#functions = functions;
    void this.#functions;
  }
}
