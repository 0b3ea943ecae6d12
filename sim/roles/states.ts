import type { RoleWorld } from './world.js';
import type { Worker } from './worker.js';

/** What processes leave for each other, and should get. */
export class States {
  #saves = 0;
  /** By place: the last one that the host has said it has. */
  readonly #saved = new Map<string, number>();
  readonly #owners = new Map<number, string>();
  readonly #claims: { readonly giver: string; readonly last: number; readonly taker: string }[] = [];

  constructor(private readonly world: RoleWorld) {}

  saving({ instance }: Worker): number {
    this.#owners.set(++this.#saves, instance);
    return this.#saves;
  }

  saved(instance: string, save: number): void {
    this.#saved.set(instance, Math.max(save, this.#saved.get(instance) ?? 0));
  }

  given(taker: Worker, state: { by: string; last: number; save: number } | undefined): void {
    const saved = this.#saved.get(taker.instance);
    if (state === undefined) {
      if (saved !== undefined) this.world.problem('errors', `${taker.name} does not get what was saved (${saved})`);
      return;
    }
    // A state that is handed over takes the place of what was saved.
    if (state.save === 0) {
      this.#saved.delete(taker.instance);
      this.#claims.push({ giver: state.by, last: state.last, taker: taker.name });
    } else if (this.#owners.get(state.save) !== taker.instance || state.save < (saved ?? 0)) {
      this.world.problem('errors', `${taker.name} gets what was saved as ${state.save}, not ${saved}`);
    }
  }

  /** Who has handed a state over has heard of nothing since. */
  check(): void {
    for (const { giver, last, taker } of this.#claims) {
      const worker = this.world.workers.find(({ name }) => name === giver)!;
      if (worker.last > last) this.world.problem('misordered', `${taker} got a state of ${giver} as of event ${last}, which has heard event ${worker.last} since`);
    }
  }
}
