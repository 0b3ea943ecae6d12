import type { Ledger } from '../listeners/ledger.js';
import { referenceOf } from '../proxies/reference.js';

interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/** For how many slow readers each object is paused. */
const paused = new WeakMap<Pausable, number>();

/** What one session listens to and can be paused: paused while any of its listeners reads too slowly. */
export class Sources {
  #paused: Pausable[] = [];

  constructor(
    private readonly ledger: () => Ledger,
    private readonly failed: (error: unknown) => void,
  ) {}

  pause(pause: boolean): void {
    if (pause) this.#paused = this.#find();
    for (const source of this.#paused) this.#count(source, pause ? 1 : -1);
    if (!pause) this.#paused = [];
  }

  #find(): Pausable[] {
    const found = new Set<Pausable>();
    for (const { target } of this.ledger().entries()) this.#contain(() => isPausable(target) && found.add(target));
    return [...found];
  }

  #count(source: Pausable, change: 1 | -1): void {
    const before = paused.get(source) ?? 0;
    paused.set(source, before + change);
    if (before === 0) this.#contain(() => source.pause());
    else if (before + change === 0) this.#contain(() => source.resume());
  }

  #contain<T>(work: () => T): T | undefined {
    try {
      const done = work();
      if (done instanceof Promise) done.catch(this.failed);
      return done;
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }
}

function isPausable(target: object): target is Pausable {
  if (referenceOf(target) !== undefined) return false;
  const { pause, resume } = target as Partial<Record<keyof Pausable, unknown>>;
  return typeof pause === 'function' && typeof resume === 'function';
}
