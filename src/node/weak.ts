import type { Weak } from '../platform.js';

/** Registries stay reachable for as long as the process lives: one that is collected itself never calls back. */
const registries = new Set<FinalizationRegistry<object>>();

/** V8's garbage collection. */
export const nodeWeak: Weak = {
  hold: (value) => new WeakRef(value as object) as never,
  watch: (collected) => {
    const registry = new FinalizationRegistry<object>((note) => collected(note as never));
    registries.add(registry);
    return {
      add: (value, note) => registry.register(value as object, note, note),
      remove: (note) => void registry.unregister(note),
    };
  },
};
