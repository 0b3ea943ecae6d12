import type { Watch, Weak, WeakHold } from '../platform.js';
import { Cohort, COHORT } from './cohort.js';

type Referable = object | symbol;

/** So many values are looked at in one turn of the event loop. */
const MOST_AT_ONCE = 5000;

/** So many new values are held one by one: none is kept by another. */
const FEW = 500;

/** What is watched is kept reachable here until it is ended: a registry that is collected itself never calls back. */
const watches = new Set<NodeWatch<never>>();

/** Told, by a value that nothing else refers to, that there was a collection. */
const collections = new FinalizationRegistry<NodeWatch<never>>((watch) => watch.look());

/**
 * V8's garbage collection. Most callbacks are garbage by the first collection after they came, and a cell of a
 * FinalizationRegistry for each, which is three quarters of its own size, would be made and copied only to be thrown away.
 * So what is new is in a list, and looked at when there was a collection; what has survived it gets its cell then. Of many
 * functions, not even a WeakRef is made for each.
 */
class NodeWatch<Note extends object> implements Watch<Note> {
  /** Values that have not been through a collection, each followed by its note. */
  #young: (WeakHold<Referable> | Note)[] = [];
  /** The same of functions, held together. */
  #cohorts: Cohort<Note>[] = [];
  readonly #old: FinalizationRegistry<Note>;
  #ended = false;

  constructor(private readonly collected: (note: Note) => void) {
    this.#old = new FinalizationRegistry((note) => this.#tell(note));
    watches.add(this as never);
  }

  add<T extends Referable>(value: T, note: Note): WeakHold<T> {
    const hold = nodeWeak.hold(value);
    if (this.#young.push(hold, note) === 2) collections.register({}, this as never);
    return hold;
  }

  join<T extends object>(fn: T, note: Note, apart: (note: Note, hold: WeakHold<T>) => void): WeakHold<T> {
    if (this.#young.length < 2 * FEW) return this.add(fn, note);
    const latest = this.#cohorts.at(-1);
    if (latest?.takes(fn, note) === true) return latest as never;
    const cohort = new Cohort(fn, note, apart as never);
    this.#cohorts.push(cohort);
    return cohort as never;
  }

  end(): void {
    this.#ended = true;
    this.#young = [];
    this.#cohorts = [];
    watches.delete(this as never);
  }

  /** There was a collection. */
  look(): void {
    const [young, cohorts] = [this.#young, this.#cohorts];
    this.#young = [];
    this.#cohorts = [];
    this.#lookAt(young, 0);
    this.#dissolve(cohorts, 0);
  }

  #lookAt(young: readonly (WeakHold<Referable> | Note)[], from: number): void {
    const end = Math.min(young.length, from + 2 * MOST_AT_ONCE);
    for (let at = from; at < end && !this.#ended; at += 2) {
      this.#sort((young[at] as WeakHold<Referable>).deref(), young[at + 1] as Note);
    }
    if (end < young.length && !this.#ended) setImmediate(() => this.#lookAt(young, end));
  }

  #dissolve(cohorts: readonly Cohort<Note>[], from: number): void {
    const end = Math.min(cohorts.length, from + Math.ceil(MOST_AT_ONCE / COHORT));
    for (let at = from; at < end && !this.#ended; at++) {
      const { notes } = cohorts[at]!;
      const functions = cohorts[at]!.dissolve(nodeWeak.hold);
      for (let i = 0; i < notes.length; i++) this.#sort(functions?.[i], notes[i]!);
    }
    if (end < cohorts.length && !this.#ended) setImmediate(() => this.#dissolve(cohorts, end));
  }

  #sort(value: Referable | undefined, note: Note): void {
    if (value === undefined) this.#tell(note);
    else this.#old.register(value as object, note);
  }

  #tell(note: Note): void {
    if (!this.#ended) this.collected(note);
  }
}

export const nodeWeak: Weak = {
  hold: (value) => new WeakRef(value as object) as never,
  watch: (collected) => new NodeWatch(collected),
};
