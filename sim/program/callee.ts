import type { Call } from '../model/call.js';
import { makeCall } from './caller.js';
import { makePayload, markContainers, spoil } from './payload.js';
import type { Program } from './program.js';
import { someValue } from './sendable.js';
import type { Value } from './things.js';

/** A call that is carried out, and not yet answered. */
export interface Work {
  /** What the code holds meanwhile. */
  readonly kept: readonly Value[];
  readonly finish: () => void;
}

/** Does what the code of a called value does: uses what it was given, and answers at once, later, or with an error. */
export function carryOut(program: Program, call: Call, given: readonly Value[]): unknown {
  const { dice, plan, quiet } = program.world;
  if (quiet) {
    call.outcome = { returns: call.number };
    return call.number;
  }
  for (const value of given) if (plan.callbacks && dice.chance(0.3)) makeCall(program, value, dice);
  if (plan.listening && dice.chance(0.2)) program.world.emit(program, dice);
  if (plan.closingInside && dice.chance(0.1)) closeSome(program);
  if (!plan.pending || dice.chance(0.7)) return answer(program, call);
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      try {
        resolve(answer(program, call));
      } catch (error) {
        reject(error as Error);
      }
    };
    program.works.push({ kept: given, finish });
  });
}

/** Ends a session while a call is being carried out, perhaps one of that session. */
function closeSome(program: Program): void {
  const end = program.world.dice.pick(program.ends);
  if (end !== undefined && !end.over) end.link.close(end);
}

function answer(program: Program, call: Call): unknown {
  const { dice, plan } = program.world;
  if (plan.throwing && dice.chance(0.15)) {
    call.outcome = 'throws';
    throw new RangeError(`thrown by ${call.number}`);
  }
  const value = dice.chance(0.3) ? someValue(program, dice) : makePayload(program, dice);
  if (plan.spoiling && dice.chance(0.1)) {
    call.outcome = 'cannot cross';
    return spoil({ value });
  }
  call.outcome = { returns: value };
  markContainers(value, program.toward(call.from), !call.mayBeGivenUp);
  return value;
}
