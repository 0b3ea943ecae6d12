import type { Dice } from '../dice.js';
import type { Program } from './program.js';
import type { Source, Target } from './objects.js';
import { someFunction } from './sendable.js';
import type { Value } from './things.js';

const ATTACH = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const;
const DETACH = ['off', 'removeListener'] as const;
export const EVENTS = ['x', 'y'];

export function anyEvent(dice: Dice): string {
  return dice.pick(EVENTS)!;
}

/** Attaches a function of its own, or one that it got from others, to an emitter elsewhere. */
export function attach(program: Program, value: Value, dice: Dice): void {
  const emitter = program.thingOf(value);
  if (program.toward(emitter.home).over) return;
  // The same one at the same place is what can be confused.
  const again = dice.chance(0.35) ? dice.pick(program.attached.filter((attached) => attached.emitter === value)) : undefined;
  const listener = again?.listener ?? someListener(program, dice);
  const event = again?.event ?? anyEvent(dice);
  const what = { kind: 'listen', emitter, event, listener: program.thingOf(listener) } as const;
  const capture = dice.chance(0.3);
  program.attached.push({ emitter: value, event, listener, capture });
  if (what.listener.home === program) what.listener.listens = true;
  if (emitter.kind === 'target') {
    const once = dice.chance(0.4);
    (value as Target).addEventListener(event, listener as () => void, { once, capture });
    return void program.toward(emitter.home).expect({ ...what, method: 'addEventListener', once, capture });
  }
  const method = dice.pick(ATTACH)!;
  (value as Source)[method](event, listener as () => void);
  program.toward(emitter.home).expect({ ...what, method });
}

function someListener(program: Program, dice: Dice): Value {
  const received = [...program.handles].filter((value) => typeof value === 'function' && program.usable(value));
  const known = dice.chance(0.4) ? dice.pick(program.attached)?.listener : dice.chance(0.4) ? dice.pick(received) : undefined;
  return known ?? someFunction(program, dice);
}

/** Detaches what it has attached, or what only others may have; an event that was to be heard once may have come before. */
export function detach(program: Program, dice: Dice): void {
  const attached = dice.chance(0.15) ? strange(program, dice) : program.attached.splice(dice.integer(0, program.attached.length - 1), 1)[0];
  if (attached === undefined || !program.usable(attached.emitter) || !program.usable(attached.listener)) return;
  const { event, listener, capture } = attached;
  const emitter = program.thingOf(attached.emitter);
  if (program.toward(emitter.home).over) return;
  const what = { kind: 'listen', emitter, event, listener: program.thingOf(listener) } as const;
  if (emitter.kind === 'target') {
    (attached.emitter as Target).removeEventListener(event, listener as () => void, { capture });
    return void program.toward(emitter.home).expect({ ...what, method: 'removeEventListener', capture });
  }
  const method = dice.pick(DETACH)!;
  (attached.emitter as Source)[method](event, listener as () => void);
  program.toward(emitter.home).expect({ ...what, method });
}

/** A function that it has, where it need not have attached it. */
function strange(program: Program, dice: Dice): Program['attached'][number] | undefined {
  const attached = dice.pick(program.attached);
  const listener = dice.pick([...program.handles].filter((value) => typeof value === 'function' && program.usable(value)));
  return attached === undefined || listener === undefined ? undefined : { ...attached, listener };
}

export function detachAll(program: Program, value: Value, dice: Dice): void {
  const emitter = program.thingOf(value);
  if (program.toward(emitter.home).over) return;
  const event = dice.chance(0.5) ? anyEvent(dice) : undefined;
  if (event === undefined) (value as Source).removeAllListeners();
  else (value as Source).removeAllListeners(event);
  program.toward(emitter.home).expect({ kind: 'listen', method: 'removeAllListeners', emitter, ...(event === undefined ? {} : { event }) });
}
