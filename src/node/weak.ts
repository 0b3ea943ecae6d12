import type { Weak } from '../platform.js';

/** Registries stay reachable until they are ended: one that is collected itself never calls back. */
const registries = new Set<FinalizationRegistry<object>>();

/** V8's garbage collection. */
export const nodeWeak: Weak = {
  hold: (value) => new WeakRef(value as object) as never,
  watch: (collected) => {
    let ended = false;
    const registry = new FinalizationRegistry<object>((note) => {
      if (!ended) collected(note as never);
    });
    registries.add(registry);
    return {
      add: (value, note) => registry.register(value as object, note),
      end: () => {
        ended = true;
        registries.delete(registry);
      },
    };
  },
};
