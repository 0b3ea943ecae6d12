import { DynobotError } from '../errors.js';
import { iterateRemote } from '../values/iterator.js';
import { ITERATE, OPERATION } from '../wire.js';
import { catchAll } from './catch-all.js';
import { disposeProxy, disposeProxyAsync } from './dispose.js';
import { INSPECT, inspectProxy } from './inspect.js';
import { listeningMethod } from './listening.js';
import { declaredPair, declarePair } from './listening-styles.js';
import { mustBeProxy, optionsOf, stamp, type Reference, type View } from './reference.js';
import type { Bases, Shape } from './shape.js';
import { readRemote } from './property.js';

/** A local class that mirrors a remote one: its proxies are instances of it. Built once a session for each shape. */
export class Mirror {
  readonly prototype: object;

  constructor(readonly shape: Shape, parent: Mirror | undefined, bases: Bases) {
    this.prototype = parent === undefined ? root(shape, bases) : (Object.create(parent.prototype) as object);
    if (shape.name !== parent?.shape.name) hide(this.prototype, 'constructor', mirrorClass(shape.name, this.prototype));
    define(this.prototype, shape);
  }

  /** A new proxy, which holds `hold`. */
  instance(hold: Reference | View): object {
    const proxy = Object.create(this.prototype) as object;
    stamp(proxy, hold);
    return proxy;
  }
}

/** The prototype below all members: it knows what every object has, and asks the other process for the rest. */
function root(shape: Shape, bases: Bases): object {
  const base = shape.base === 'Function' ? (Function.prototype as object) : (bases.get(shape.base) ?? Object.prototype);
  const prototype = Object.create(catchAll(base)) as object;
  hide(prototype, INSPECT, inspectProxy);
  hide(prototype, Symbol.dispose, disposeProxy);
  hide(prototype, Symbol.asyncDispose, disposeProxyAsync);
  return prototype;
}

function mirrorClass(name: string, prototype: object): object {
  const mirrored = function () {
    throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${name} is a class of another process: construct it there, through a service`);
  };
  Object.defineProperty(mirrored, 'name', { value: name });
  mirrored.prototype = prototype;
  return mirrored;
}

function define(prototype: object, shape: Shape): void {
  for (const name of shape.methods) hide(prototype, name, method(name));
  for (const [detach, attach] of Object.entries(shape.detaching)) declarePair(prototype, { attach, detach });
  for (const [name, answer] of Object.entries(shape.listening)) {
    if (answer === 'unsubscriber') declarePair(prototype, { attach: name });
    hide(prototype, name, listeningMethod(name, answer, declaredPair(prototype, name) !== undefined));
  }
  for (const name of shape.accessors) Object.defineProperty(prototype, name, accessor(name));
  if (shape.iterable) hide(prototype, Symbol.asyncIterator, iterate);
}

function hide(prototype: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(prototype, key, { value, writable: true, configurable: true });
}

function method(name: string): unknown {
  const named = {
    [name](this: object, ...args: unknown[]): Promise<unknown> {
      const reference = mustBeProxy(this, name);
      return reference.session.call(reference, OPERATION.method, name, args, undefined, optionsOf(this));
    },
  };
  return named[name];
}

function accessor(name: string): PropertyDescriptor {
  return {
    get(this: object) {
      return readRemote(this, name);
    },
    set(this: object, value: unknown) {
      const reference = mustBeProxy(this, name);
      reference.session.cast(reference, OPERATION.set, name, [value]);
    },
    configurable: true,
  };
}

function iterate(this: object): AsyncIterator<unknown> {
  const reference = mustBeProxy(this, 'Symbol.asyncIterator');
  return iterateRemote(reference.session.call(reference, OPERATION.method, ITERATE, []));
}
