import type { Weak } from '../../src/platform.js';
import { isProxy } from '../../src/proxies/operations.js';
import type { Dice } from '../dice.js';
import type { RoleWorld } from './world.js';

interface Cell {
  collected: boolean;
  readonly finalizers: (() => void)[];
}

/** The values of one process that somebody holds weakly. */
export class RoleHeap {
  readonly #cells = new Map<object | symbol, Cell>();

  constructor(
    private readonly world: RoleWorld,
    private readonly isRunning: () => boolean,
  ) {}

  get weak(): Weak {
    return {
      hold: (value) => {
        const cell = this.#cell(value);
        return { deref: () => (cell.collected ? undefined : value) };
      },
      watch: (collected) => {
        let isOver = false;
        return {
          add: (value, note) => {
            this.#cell(value).finalizers.push(() => {
              if (!isOver && this.isRunning()) collected(note);
            });
            return this.weak.hold(value);
          },
          end: () => void (isOver = true),
        };
      },
    };
  }

  /** Stand-ins of functions that nobody needs any more go; some of them, or all. */
  collect(dice: Dice, isFree: (name: string) => boolean, all = false): number {
    let count = 0;
    for (const [value, cell] of this.#cells) {
      if (cell.collected || typeof value !== 'function' || !isProxy(value) || !isFree(value.name) || !(all || dice.chance(0.7))) continue;
      cell.collected = true;
      count++;
      for (const finalize of cell.finalizers) this.world.clock.after(dice.next() * this.world.plan.finalizing, finalize);
    }
    return count;
  }

  #cell(value: object | symbol): Cell {
    let cell = this.#cells.get(value);
    if (cell === undefined) this.#cells.set(value, (cell = { collected: false, finalizers: [] }));
    return cell;
  }
}
