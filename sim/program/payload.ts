import type { Dice } from '../dice.js';
import type { End } from '../network/end.js';
import type { Program } from './program.js';
import { someFunction, somePromise, someValue } from './sendable.js';
import type { Value } from './things.js';

export type Payload = Record<string, unknown>;

const ODDITIES = [undefined, NaN, -0, 10n, null, '', '$', ['$', 'x'], 'ключ\u2028', Infinity];

/** Something to send: values by reference at any depth, and data around them. */
export function makePayload(program: Program, dice: Dice): Payload {
  const { plan } = program.world;
  const payload: Payload = {};
  const values = Array.from({ length: dice.integer(0, 2) }, () => someValue(program, dice));
  if (values.length > 0) payload['refs'] = dice.chance(0.2) ? [...values, values[0]] : values;
  if (plan.nested && dice.chance(0.3)) payload['inner'] = { callback: someFunction(program, dice), list: [values[0]] };
  if (plan.nested && dice.chance(0.1)) Object.assign(payload, twoContainers(someFunction(program, dice)));
  if (plan.nested && dice.chance(0.15)) payload['twice'] = payload['again'] = [dice.integer(0, 9), someValue(program, dice)];
  if (dice.chance(0.2)) payload['odd'] = dice.pick(ODDITIES);
  if (plan.attachments && dice.chance(0.25)) payload['bytes'] = Array.from({ length: dice.integer(1, 2) }, () => someBytes(dice));
  if (plan.promises && dice.chance(0.15)) payload['promise'] = somePromise(program, dice);
  return payload;
}

function someBytes(dice: Dice): Buffer {
  return Buffer.from(Array.from({ length: dice.integer(0, 12) }, () => dice.integer(0, 255)));
}

function twoContainers(callback: Value): Payload {
  return { left: { callback }, right: { callback } };
}

/** The same, with something in it that cannot cross. */
export function spoil(payload: Payload): Payload {
  return { ...payload, spoilt: new WeakMap() };
}

/** Remembers in which objects the functions of a payload have been sent over a session: their `this` tells over there. */
export function markContainers(payload: unknown, end: End, certain = true): void {
  const seen = new Set<object>();
  const visit = (value: unknown, container: object | undefined): void => {
    if (typeof value === 'function') return mark(value, container);
    if (typeof value !== 'object' || value === null || seen.has(value) || end.program.tokenOf(value) !== undefined) return;
    seen.add(value);
    const isPlain = Object.getPrototypeOf(value) === Object.prototype;
    if (isPlain || Array.isArray(value)) for (const part of Object.values(value)) visit(part, isPlain ? value : undefined);
  };
  const mark = (value: object, container: object | undefined): void => {
    const thing = end.program.world.thingOf(value);
    if (thing?.home === end.program) thing.found(end).add(payload, container, certain);
  };
  visit(payload, undefined);
}
