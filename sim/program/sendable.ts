import type { Dice } from '../dice.js';
import type { Program } from './program.js';
import type { Thing, Value } from './things.js';

/** A function of the program's own: a new one, or one that others may know already. */
export function someFunction(program: Program, dice: Dice): Value {
  const known = dice.chance(0.5) ? dice.pick(program.things.filter((thing) => thing.kind === 'function' && isSendable(program, thing))) : undefined;
  return (known ?? program.make('function')).value;
}

/** A value that crosses by reference: one that the program got from others, or one of its own. */
export function someValue(program: Program, dice: Dice): Value {
  const held = dice.chance(0.4) ? dice.pick([...program.handles].filter((value) => program.usable(value))) : undefined;
  if (held !== undefined) return held;
  const known = dice.chance(0.5) ? dice.pick(program.things.filter((thing) => isSendable(program, thing))) : undefined;
  return (known ?? program.make(dice.pick(program.world.plan.kinds)!)).value;
}

export function somePromise(program: Program, dice: Dice): Promise<number> {
  if (dice.chance(0.3)) return Promise.resolve(dice.integer(0, 99));
  return new Promise((resolve) => program.promises.push(resolve));
}

function isSendable(program: Program, { dropped, token }: Thing): boolean {
  return !dropped && !program.ends.some((end) => end.withdrawn.has(token));
}
