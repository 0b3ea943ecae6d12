import type { Dice } from './dice.js';
import type { End } from './network/end.js';
import { assignLevel, makeCall, readLevel } from './program/caller.js';
import { collectGarbage } from './program/garbage.js';
import { attach, detach, detachAll } from './program/listener.js';
import { canRelease, releaseStandIn } from './program/release.js';
import { publish, withdraw } from './program/services.js';
import type { Program } from './program/program.js';
import type { ThingKind, Value } from './program/things.js';
import type { World } from './world.js';

interface Action {
  /** How often it is chosen, where it is enabled. */
  readonly weight: number;
  /** Every run needs it. */
  readonly always?: boolean;
  run(program: Program, dice: Dice, world: World): void;
}

function standIn(program: Program, dice: Dice, ...kinds: ThingKind[]): Value | undefined {
  return dice.pick([...program.handles].filter((value) => program.usable(value) && (kinds.length === 0 || kinds.includes(program.thingOf(value).kind))));
}

function liveEnd(program: Program, dice: Dice): End | undefined {
  return dice.pick(program.ends.filter((end) => !end.over));
}

/** What programs do. */
export const ACTIONS = {
  call: {
    weight: 6,
    always: true,
    run(program, dice) {
      const value = standIn(program, dice);
      if (value !== undefined) makeCall(program, value, dice);
    },
  },
  callReleased: {
    weight: 1,
    run(program, dice) {
      const released = dice.pick([...program.heap.cells.values()].filter((cell) => cell.released && !cell.collected && typeof cell.value !== 'symbol'));
      if (released !== undefined) makeCall(program, released.value, dice, { plain: true });
    },
  },
  callWithDeadline: {
    weight: 1,
    run(program, dice) {
      const value = standIn(program, dice, 'function', 'item');
      if (value !== undefined) makeCall(program, value, dice, { options: { timeout: dice.integer(1, 60) } });
    },
  },
  callWithSignal: {
    weight: 1,
    run(program, dice) {
      const value = standIn(program, dice, 'function', 'item');
      if (value === undefined) return;
      const controller = new AbortController();
      program.aborts.push(controller);
      makeCall(program, value, dice, { options: { signal: controller.signal } });
    },
  },
  abort: {
    weight: 1,
    run(program) {
      program.aborts.shift()?.abort();
    },
  },
  callSpoilt: {
    weight: 1,
    run(program, dice) {
      const value = standIn(program, dice, 'function', 'item', 'emitter', 'target');
      if (value !== undefined) makeCall(program, value, dice, { spoilt: true });
    },
  },
  readLevel: {
    weight: 1,
    run(program, dice) {
      const value = standIn(program, dice, 'item');
      if (value !== undefined) readLevel(program, value);
    },
  },
  assignLevel: {
    weight: 1,
    run(program, dice) {
      const value = standIn(program, dice, 'item');
      if (value !== undefined) assignLevel(program, value);
    },
  },
  attach: {
    weight: 4,
    run(program, dice, { plan }) {
      const value = plan.listening ? standIn(program, dice, 'emitter', 'target') : undefined;
      if (value !== undefined) attach(program, value, dice);
    },
  },
  detach: { weight: 2, run: detach },
  detachAll: {
    weight: 1,
    run(program, dice) {
      const value = standIn(program, dice, 'emitter');
      if (value !== undefined) detachAll(program, value, dice);
    },
  },
  emit: {
    weight: 4,
    run(program, dice, world) {
      do world.emit(program, dice);
      while (dice.chance(0.3));
    },
  },
  emitMany: {
    weight: 1,
    run(program, dice, world) {
      if (dice.chance(0.1)) world.emitMany(program, dice);
    },
  },
  settle: {
    weight: 3,
    always: true,
    run(program, dice) {
      const place = dice.integer(0, program.works.length - 1);
      program.works.splice(place, 1)[0]?.finish();
      if (dice.chance(0.5)) program.promises.shift()?.(dice.integer(0, 99));
    },
  },
  drop: {
    weight: 3,
    run(program, dice) {
      const value = standIn(program, dice);
      if (value !== undefined) program.handles.delete(value);
      const emitter = dice.pick(program.things.filter(({ listeners, dropped }) => listeners !== undefined && !dropped));
      if (emitter !== undefined && dice.chance(0.2) && ![...program.services.values()].some(({ thing }) => thing === emitter)) emitter.dropped = true;
    },
  },
  collect: {
    weight: 3,
    run(program, dice) {
      collectGarbage(program, dice);
    },
  },
  release: {
    weight: 1,
    run(program, dice) {
      const value = standIn(program, dice);
      if (value !== undefined && canRelease(program, value)) releaseStandIn(program, value);
    },
  },
  publish: {
    weight: 1,
    run(program, dice) {
      const end = liveEnd(program, dice);
      if (end !== undefined) publish(program, end, dice);
    },
  },
  withdraw: {
    weight: 1,
    run(program, dice) {
      const end = liveEnd(program, dice);
      if (end !== undefined) withdraw(program, end, dice);
    },
  },
  close: {
    weight: 0,
    run(program, dice) {
      const end = liveEnd(program, dice);
      if (end !== undefined) end.link.close(end);
    },
  },
  cut: {
    weight: 0,
    run(program, dice) {
      liveEnd(program, dice)?.link.cut();
    },
  },
} satisfies Record<string, Action>;

export type ActionName = keyof typeof ACTIONS;
