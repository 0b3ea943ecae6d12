import type { Watch, Weak, WeakHold } from '../../src/platform.js';
import { Reference } from '../../src/proxies/reference.js';
import type { PipeEnd } from './pipe.js';

type Value = object | symbol;

/** A stand-in as the played garbage collector sees it. */
export interface Cell {
  readonly value: Value;
  /** The session by which it came, and what it stands for there; 0: the wire does not say. */
  end: PipeEnd | undefined;
  token: number;
  collected: boolean;
}

/**
 * The stand-ins of one program. One that was made or looked at in a turn lives until the turn ends, as the language has it;
 * after that it may be collected at any moment. Its finalizer runs later.
 */
export class Heap {
  /** Finalizers of what was collected, in no order. */
  readonly finalizers: (() => void)[] = [];
  readonly #cells = new Map<Value, Cell>();
  readonly #inHand = new Set<Cell>();
  readonly #finalize = new Map<Cell, () => void>();

  constructor(private readonly problem: (text: string) => void) {}

  weak(end: PipeEnd): Weak {
    return {
      hold: (value) => this.#hold(value) as never,
      watch: (collected) => this.#watch(end, collected as (note: object) => void) as never,
    };
  }

  #hold(value: Value): WeakHold<Value> {
    const cell = this.#cell(value);
    this.#inHand.add(cell);
    return { deref: () => this.#look(cell) };
  }

  #cell(value: Value): Cell {
    let cell = this.#cells.get(value);
    if (cell === undefined) this.#cells.set(value, (cell = { value, end: undefined, token: 0, collected: false }));
    return cell;
  }

  #look(cell: Cell): Value | undefined {
    if (cell.collected) return undefined;
    this.#inHand.add(cell);
    return cell.value;
  }

  #watch(end: PipeEnd, collected: (note: object) => void): Watch<object> {
    let ended = false;
    return {
      add: (value, note) => {
        // Others than stand-ins are not collected here.
        if (note instanceof Reference) this.#watched(value, end, note, () => ended || collected(note));
        return this.#hold(value) as never;
      },
      end: () => (ended = true),
    };
  }

  #watched(value: Value, end: PipeEnd, { id }: Reference, finalize: () => void): void {
    const cell = this.#cell(value);
    cell.end = end;
    cell.token = end.other.exported.tokenOf(id) ?? 0;
    this.#mustBeOnly(cell);
    this.#finalize.set(cell, finalize);
  }

  #mustBeOnly({ value, end, token }: Cell): void {
    if (token === 0) return;
    for (const other of this.#cells.values()) {
      if (other.value !== value && other.end === end && other.token === token && !other.collected) this.problem(`there are two stand-ins for ${token} by ${end!.name}`);
    }
  }

  /** Its program has given a stand-in up by intention. */
  released(value: Value): void {
    this.#cell(value).collected = true;
  }

  rest(): void {
    this.#inHand.clear();
  }

  candidates(): Cell[] {
    return [...this.#finalize.keys()].filter((cell) => !cell.collected && !this.#inHand.has(cell));
  }

  collect(cell: Cell): void {
    cell.collected = true;
    this.finalizers.push(this.#finalize.get(cell)!);
    this.#finalize.delete(cell);
  }
}
