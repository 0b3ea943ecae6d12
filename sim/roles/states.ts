import type { HandoverNews } from '../../src/roles/news.js';
import type { RoleWorld } from './world.js';
import type { Worker } from './worker.js';

/** What processes leave for each other, and should get. */
export class States {
  #saves = 0;
  /** By place: the last one that the host keeps. */
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

  /** What a process of that place should get now. */
  of(instance: string): number | undefined {
    return this.#saved.get(instance);
  }

  /** A state that is handed over takes the place of what was saved. */
  handedOver({ instance, state }: HandoverNews): void {
    if (state === 'handed over') this.#saved.delete(instance);
  }

  given({ name, instance, end }: Worker, state: { by: string; last: number; save: number } | undefined): void {
    const saved = end.savedBefore;
    if (state?.save === 0) return void this.#claims.push({ giver: state.by, last: state.last, taker: name });
    const isRight = state === undefined ? saved === undefined : this.#owners.get(state.save) === instance && state.save === saved;
    if (!isRight) this.world.problem('errors', `${name} gets as a state what was saved as ${state?.save}, not ${saved}`);
  }

  /** Who has handed a state over has heard of nothing since. */
  check(): void {
    for (const { giver, last, taker } of this.#claims) {
      const worker = this.world.workers.find(({ name }) => name === giver)!;
      if (worker.last > last) this.world.problem('misordered', `${taker} got a state of ${giver} as of event ${last}, which has heard event ${worker.last} since`);
    }
  }
}
