import type { Watch, Weak } from '../../src/platform.js';
import { isProxy } from '../../src/proxies/operations.js';
import type { Dice } from '../dice.js';
import type { End } from '../network/end.js';
import type { World } from '../world.js';
import type { Value } from './things.js';

interface Watched {
  readonly note: object;
  readonly registry: Registry;
}

/** A value as the played garbage collector sees it. It is what `weak.hold` returns. */
export class Cell {
  collected = false;
  /** Its program gave it up by intention. */
  released = false;
  /** For a stand-in: the session by which it came, its number there, and what it stands for. */
  end: End | undefined;
  id = 0;
  token = 0;
  readonly watches: Watched[] = [];

  constructor(readonly value: Value) {}

  deref(): never | undefined {
    return this.collected ? undefined : (this.value as never);
  }

  /** Whether a second stand-in for the same value would be one too many. */
  get current(): boolean {
    return !this.collected && !this.released && !this.end!.over;
  }
}

class Registry implements Watch<object> {
  ended = false;

  constructor(
    private readonly heap: Heap,
    private readonly at: End,
    readonly collected: (note: never) => void,
  ) {}

  add(value: Value, note: object): never {
    return this.heap.watched(value, { note, registry: this }, this.at) as never;
  }

  end(): void {
    this.ended = true;
  }
}

/** The values of one program that somebody holds weakly, and what the collection of each sets off. */
export class Heap {
  readonly cells = new Map<Value, Cell>();
  readonly #standIns = new Map<number, Cell>();
  #fresh: Cell[] = [];

  constructor(private readonly world: World) {}

  weak(end: End): Weak {
    return {
      hold: (value) => this.cell(value),
      watch: (collected) => new Registry(this, end, collected),
    };
  }

  cell(value: Value): Cell {
    let cell = this.cells.get(value);
    if (cell === undefined) this.cells.set(value, (cell = new Cell(value)));
    return cell;
  }

  watched(value: Value, watched: Watched, end: End): Cell {
    const cell = this.cell(value);
    cell.watches.push(watched);
    if (cell.end !== undefined || !isProxy(value)) return cell;
    cell.end = end;
    cell.id = (watched.note as { id: number }).id;
    this.#fresh.push(cell);
    return cell;
  }

  /** Finds out what new stand-ins stand for: the wire says which number is which value. */
  learn(): void {
    for (const cell of this.#fresh) {
      cell.token = cell.end!.other.exported.tokenOf(cell.id) ?? NaN;
      if (cell.token === 0) continue;
      if (this.#standIns.get(cell.token)?.current === true) {
        this.world.problem('premature', `there are two stand-ins for ${this.world.things[cell.token]?.name} on ${cell.end!.name}`);
      }
      this.#standIns.set(cell.token, cell);
    }
    this.#fresh = [];
  }

  /** The stand-in for a value, if there is one. */
  standIn(token: number): Cell | undefined {
    this.learn();
    const cell = this.#standIns.get(token);
    return cell === undefined || cell.collected ? undefined : cell;
  }

  /** Collects a value: nobody can reach it any more. Its finalizers run later, or never if the session ends before. */
  collect(cell: Cell, dice: Dice): void {
    cell.collected = true;
    for (const watched of cell.watches) {
      this.world.clock.after(dice.next() * this.world.plan.finalizing, () => {
        if (!watched.registry.ended) watched.registry.collected(watched.note as never);
      });
    }
  }
}
