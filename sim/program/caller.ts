import { within } from '../../src/proxies/operations.js';
import type { CallOptions } from '../../src/proxies/reference.js';
import type { Dice } from '../dice.js';
import type { Call } from '../model/call.js';
import { makePayload, markContainers, spoil } from './payload.js';
import type { Program } from './program.js';
import type { Thing, Value } from './things.js';

type Callable = (...args: unknown[]) => Promise<unknown>;
type Remote = { run: Callable; level: Promise<unknown> | number };

/** How a call is to be made. */
interface Manner {
  readonly options?: CallOptions;
  readonly spoilt?: boolean;
  /** To find out whether a reference still reaches its original, nothing else is sent. */
  readonly plain?: boolean;
}

/** Calls what a stand-in stands for. */
export function makeCall(program: Program, value: Value, dice: Dice, { options, spoilt = false, plain = false }: Manner = {}): Call | undefined {
  const { world } = program;
  const to = program.thingOf(value);
  if (to.kind === 'symbol' || to.home === program || !world.maySpend()) return undefined;
  const payload = plain ? {} : makePayload(program, dice);
  const receiver = to.kind === 'function' && !plain && dice.chance(0.15) ? receiverFor(program, dice) : undefined;
  const call = world.call({ how: 'call', from: program, to, payload, receiver: receiver && program.thingOf(receiver) });
  if (options?.timeout !== undefined) call.excuses.add('ERR_DYNOBOT_TIMEOUT');
  if (options?.signal !== undefined) call.excuses.add('AbortError');
  const result = invoke(options === undefined ? value : within(value as object, options), receiver, ['call', call.number, spoilt ? spoil(payload) : payload]);
  if (!program.usable(value)) call.excuses.add('ERR_DYNOBOT_RELEASED');
  else if (spoilt) call.excuses.add('ERR_DYNOBOT_UNCLONABLE');
  else if (program.toward(to.home).expect({ kind: 'call', call })) markContainers(payload, program.toward(to.home));
  watch(call, result);
  return call;
}

function receiverFor(program: Program, dice: Dice): Value | undefined {
  const objects = [...program.handles].filter((value) => typeof value === 'object' && program.usable(value));
  return dice.pick(objects);
}

function invoke(value: Value, receiver: Value | undefined, args: unknown[]): Promise<unknown> {
  return typeof value === 'function' ? Reflect.apply(value as Callable, receiver, args) : (value as Remote).run(...args);
}

function watch(call: Call, result: Promise<unknown>): void {
  result.then((value) => call.returned(value), (error: unknown) => call.threw(error));
}

/** Reads an item's property. */
export function readLevel(program: Program, value: Value): void {
  const to = program.thingOf(value);
  const call = program.world.call({ how: 'get', from: program, to });
  const result = (value as Remote).level as Promise<unknown>;
  program.toward(to.home).expect({ kind: 'call', call });
  watch(call, result);
}

/** Assigns an item's property: it is sent, and nobody waits for it. */
export function assignLevel(program: Program, value: Value): void {
  const to: Thing = program.thingOf(value);
  const call = program.world.call({ how: 'set', from: program, to });
  call.settled = true;
  (value as Remote).level = call.number;
  program.toward(to.home).expect({ kind: 'call', call });
}
