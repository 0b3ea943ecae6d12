import { LIMITS } from '../../src/limits.js';
import { nodePlatform } from '../../src/node/platform.js';
import type { PeerOptions } from '../../src/peer/options.js';
import { Shapes } from '../../src/proxies/shape.js';
import { builtInKinds } from '../../src/values/built-in.js';
import { Kinds } from '../../src/values/kinds.js';
import type { Dice } from '../dice.js';
import { Heap, type Cell } from './heap.js';
import type { PipeEnd } from './pipe.js';

const shapes = new Shapes(nodePlatform.bases);
const kinds = new Kinds(builtInKinds);

/** One process of a run: its sessions, its garbage, and turns that end when the dice say. */
export class Program {
  readonly ends: PipeEnd[] = [];
  readonly heap: Heap;
  readonly flushes: (() => void)[] = [];
  /** Whether its code, or what it has in hand, needs a stand-in. */
  needs: (cell: Cell) => boolean = () => true;

  constructor(
    readonly name: string,
    private readonly dice: Dice,
    readonly problem: (text: string) => void,
  ) {
    this.heap = new Heap(problem);
  }

  options(end: PipeEnd, mayIgnoreAnswers: boolean): PeerOptions {
    return {
      platform: {
        ...nodePlatform,
        weak: this.heap.weak(end),
        defer: (task) => void this.flushes.push(task),
        after: () => () => {},
        now: () => 0,
        uncaught: (error) => this.problem(`${this.name}: uncaught: ${String(error)}`),
        warn: () => {},
        collector: undefined as never,
      },
      limits: { ...LIMITS, heartbeat: 0 }, kinds, shapes, slowReader: 'disconnect', timeout: 0, mayIgnoreAnswers, label: end.name,
    };
  }

  /** A turn of its event loop ends: what was gathered goes out. */
  endTurn(): void {
    for (const flush of this.flushes.splice(0)) flush();
  }

  /** Nothing of it runs: what it has just had in hand may go, unless it is needed. */
  rest(): void {
    this.heap.rest();
  }

  /** Collects what is not needed: all of it, or some, as luck would have it. */
  collect(thorough = false): void {
    for (const cell of this.heap.candidates()) if (!this.needs(cell) && (thorough || this.dice.chance(0.6))) this.heap.collect(cell);
  }
}
