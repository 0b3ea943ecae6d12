import { OPERATION } from '../wire.js';
import { disposeProxy } from './dispose.js';
import { INSPECT, inspectProxy } from './inspect.js';
import type { Mirror } from './mirror.js';
import { stamp, View, type CallOptions, type Reference } from './reference.js';

/** What functions of other processes have beside what every function has. */
const FunctionProxyPrototype = Object.create(Function.prototype, {
  [INSPECT]: { value: inspectProxy },
  [Symbol.dispose]: { value: disposeProxy },
}) as object;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * A plain function that stands in for one elsewhere: emitters apply it, `new` constructs the hosted class. A `this` that
 * crosses by reference is passed.
 */
export function functionProxy(reference: Reference, name: string, length: number, instances: Mirror | undefined): object {
  const { session } = reference;
  const prototype = reference.mirror?.prototype ?? FunctionProxyPrototype;
  return finish(
    function (...args) {
      return new.target === undefined ? session.callback(reference, args, this) : session.call(reference, OPERATION.construct, 0, args);
    },
    { hold: reference, prototype, name, length, instances },
  );
}

/** The same function for calls with options. */
export function functionView(proxy: object, reference: Reference, options: CallOptions): object {
  const { session } = reference;
  const { name, length } = proxy as AnyFunction;
  return finish(
    function (...args) {
      const operation = new.target === undefined ? OPERATION.apply : OPERATION.construct;
      return session.call(reference, operation, 0, args, this, options);
    },
    { hold: new View(reference, options), prototype: Object.getPrototypeOf(proxy) as object, name, length, instances: undefined },
  );
}

interface Looks {
  hold: Reference | View;
  prototype: object;
  name: string;
  length: number;
  instances: Mirror | undefined;
}

/** The function comes without a name and with no parameters, so that most need no property of their own. */
function finish(proxy: AnyFunction, { hold, prototype, name, length, instances }: Looks): object {
  Object.setPrototypeOf(proxy, prototype);
  if (name !== '') Object.defineProperty(proxy, 'name', { value: name, configurable: true });
  if (length !== 0) Object.defineProperty(proxy, 'length', { value: length, configurable: true });
  if (instances !== undefined) Object.defineProperty(proxy, 'prototype', { value: instances.prototype });
  stamp(proxy, hold);
  return proxy;
}
