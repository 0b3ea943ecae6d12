import { nodeBases } from '../../src/node/bases.js';
import { nodeMaxListeners } from '../../src/node/max-listeners.js';
import type { Platform } from '../../src/platform.js';
import type { End } from './end.js';

/** What a session needs, under the control of the run: virtual time, played collections, a turn that ends when the dice say. */
export function platformOf(end: End): Platform {
  const { world, program } = end;
  const { clock, dice, plan } = world;
  return {
    weak: program.heap.weak(end),
    bases: nodeBases,
    kinds: [],
    maxListeners: nodeMaxListeners,
    defer: (task) => {
      end.unsent++;
      clock.after(dice.next() * plan.gathering, () => {
        end.unsent--;
        task();
      });
    },
    after: (ms, task) => clock.after(ms, task),
    now: () => clock.now,
    uncaught: (error) => program.uncaught(error),
    warn: (name, message) => world.trace?.(`${end.name} warns: ${name}: ${message}`),
  };
}
