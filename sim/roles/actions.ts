import type { Dice } from '../dice.js';
import { EVENTS } from './host.js';
import type { Worker } from './worker.js';
import type { RoleWorld } from './world.js';

interface RoleAction {
  readonly weight: number;
  readonly always?: boolean;
  run(world: RoleWorld, dice: Dice): void;
}

function someWorker(world: RoleWorld, dice: Dice, fits: (worker: Worker) => boolean = () => true): Worker | undefined {
  return dice.pick(world.workers.filter((worker) => !worker.over && worker.isRunning && fits(worker)));
}

/** What happens to a role. */
export const ROLE_ACTIONS = {
  spawn: {
    weight: 3,
    always: true,
    run(world, dice) {
      if (world.workers.filter(({ over }) => !over).length >= 6) return;
      const worker = world.spawn(String(dice.integer(1, world.plan.roles!.instances)));
      // Most are soon ready.
      const delay = dice.pick([20, 40, 60])!;
      world.clock.after(delay, () => {
        if (worker.isRunning) worker.begin(dice);
      });
      if (dice.chance(0.8)) world.clock.after(delay + dice.pick([0, 1, 30])!, () => {
        if (worker.isRunning) worker.ready(dice);
      });
    },
  },
  ready: {
    weight: 1,
    run(world, dice) {
      someWorker(world, dice, ({ hasAsked }) => !hasAsked)?.ready(dice);
    },
  },
  emit: {
    weight: 10,
    always: true,
    run(world, dice) {
      do world.host.emit(dice);
      while (dice.chance(0.5));
    },
  },
  crash: {
    weight: 2,
    run(world, dice) {
      someWorker(world, dice)?.kill();
    },
  },
  cut: {
    weight: 1,
    run(world, dice) {
      someWorker(world, dice)?.link.cut();
    },
  },
  close: {
    weight: 1,
    run(world, dice) {
      someWorker(world, dice)?.close();
    },
  },
  settle: {
    weight: 3,
    run(world, dice) {
      someWorker(world, dice, ({ works }) => works.length > 0)?.settle();
    },
  },
  listen: {
    weight: 2,
    run(world, dice) {
      if (world.plan.roles!.steady) return;
      const worker = someWorker(world, dice);
      if (dice.chance(0.5)) worker?.detach(dice);
      else worker?.attach(dice.integer(0, world.host.emitters.length - 1), dice.pick(EVENTS)!, dice);
    },
  },
  save: {
    weight: 2,
    run(world, dice) {
      if (world.plan.roles!.saving) someWorker(world, dice, ({ isLive }) => isLive)?.save();
    },
  },
  collect: {
    weight: 2,
    run(world, dice) {
      someWorker(world, dice)?.collect(dice);
      world.collectAtHost(dice);
    },
  },
} satisfies Record<string, RoleAction>;

export type RoleActionName = keyof typeof ROLE_ACTIONS;
