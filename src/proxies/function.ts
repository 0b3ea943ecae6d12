import { OPERATION } from '../wire.js';
import { disposeProxy, disposeProxyAsync } from './dispose.js';
import { INSPECT, inspectProxy } from './inspect.js';
import type { Mirror } from './mirror.js';
import { stamp, View, type CallOptions, type Reference } from './reference.js';

/** What functions of other processes have beside what every function has. */
const FunctionProxyPrototype = Object.create(Function.prototype, {
  [INSPECT]: { value: inspectProxy },
  [Symbol.dispose]: { value: disposeProxy },
  [Symbol.asyncDispose]: { value: disposeProxyAsync },
}) as object;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * A plain function that stands in for one elsewhere: emitters apply it, `new` constructs the hosted class. A `this` that
 * crosses by reference is passed.
 */
export function functionProxy(reference: Reference, name: string, length: number, instances: Mirror | undefined): object {
  const proxy = finish(reference, { prototype: reference.mirror?.prototype ?? FunctionProxyPrototype, name, length, instances });
  if (instances !== undefined) classes.set(proxy, instances);
  return proxy;
}

const classes = new WeakMap<object, Mirror>();

/** What the instances of a class elsewhere look like, by its proxy. */
export function instancesOf(proxy: object): Mirror | undefined {
  return classes.get(proxy);
}

/** The same function for calls with options. */
export function functionView(proxy: object, reference: Reference, options: CallOptions): object {
  const { name, length } = proxy as AnyFunction;
  return finish(new View(reference, options, proxy), { prototype: Object.getPrototypeOf(proxy) as object, name, length, instances: undefined });
}

interface Looks {
  prototype: object;
  name: string;
  length: number;
  instances: Mirror | undefined;
}

function finish(hold: Reference | View, { prototype, name, length, instances }: Looks): object {
  const proxy = name === '' && length === 0 ? anonymous(hold) : (WITH_PARAMETERS[length] ?? WITH_PARAMETERS[0]!)(hold, name);
  Object.setPrototypeOf(proxy, prototype);
  if (length >= WITH_PARAMETERS.length) Object.defineProperty(proxy, 'length', { value: length, configurable: true });
  if (instances !== undefined) Object.defineProperty(proxy, 'prototype', { value: instances.prototype });
  stamp(proxy, hold);
  if (hold instanceof View || (instances === undefined && hold.mirror === undefined)) return proxy;
  return hold.session.dress === undefined ? proxy : hold.session.dress(proxy, hold);
}

/**
 * Functions are made with their name and their number of parameters: V8 turns one whose name or length is defined
 * afterwards into a dictionary, which costs 240 bytes for each callback.
 */
/* eslint-disable prefer-rest-params -- a rest parameter does not count, and one before it would hide that it was not given */
const anonymous = (hold: Reference | View): AnyFunction => function () { return invoke(hold, this, arguments, new.target); };
const WITH_PARAMETERS: readonly ((hold: Reference | View, name: string) => AnyFunction)[] = [
  (hold, name) => ({ [name]: function () { return invoke(hold, this, arguments, new.target); } } as Named)[name]!,
  (hold, name) => ({ [name]: function (_1) { return invoke(hold, this, arguments, new.target); } } as Named)[name]!,
  (hold, name) => ({ [name]: function (_1, _2) { return invoke(hold, this, arguments, new.target); } } as Named)[name]!,
  (hold, name) => ({ [name]: function (_1, _2, _3) { return invoke(hold, this, arguments, new.target); } } as Named)[name]!,
  (hold, name) => ({ [name]: function (_1, _2, _3, _4) { return invoke(hold, this, arguments, new.target); } } as Named)[name]!,
];
/* eslint-enable prefer-rest-params */

type Named = Record<string, AnyFunction>;

function invoke(hold: Reference | View, receiver: unknown, given: IArguments, asNew: unknown): unknown {
  const args = Array.from(given);
  const operation = asNew === undefined ? OPERATION.apply : OPERATION.construct;
  if (asNew !== undefined && !(hold instanceof View) && hold.session.construct !== undefined) return hold.session.construct(hold, args, asNew as object);
  if (hold instanceof View) return hold.reference.session.call(hold.reference, operation, 0, args, receiver, hold.options);
  return asNew === undefined ? hold.session.callback(hold, args, receiver) : hold.session.call(hold, operation, 0, args);
}
