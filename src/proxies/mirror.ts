import { DynobotError } from '../errors.js';
import { iterateRemote } from '../values/iterator.js';
import { ITERATE, ITERATE_SYNC, OPERATION } from '../wire.js';
import { catchAll } from './catch-all.js';
import { disposeProxy, disposeProxyAsync } from './dispose.js';
import { INSPECT, inspectProxy } from './inspect.js';
import { listeningMethod } from './listening.js';
import { declaredPair, declarePair } from './listening-styles.js';
import { mustBeProxy, optionsOf, referenceOf, stamp, View, type Reference, type Session } from './reference.js';
import type { Bases, Shape } from './shape.js';
import { readRemote } from './property.js';

/** A local class that mirrors a remote one: its proxies are instances of it. Built once a session for each shape. */
export class Mirror {
  readonly prototype: object;

  /**
   * @param session of a client that blocks. No other is named: V8 keeps the makings of a class until a full collection, and
   *   with it all of its session.
   */
  constructor(readonly shape: Shape, parent: Mirror | undefined, bases: Bases, readonly session: Session | undefined) {
    this.prototype = parent === undefined ? root(shape, bases) : (Object.create(parent.prototype) as object);
    if (shape.name !== parent?.shape.name) hide(this.prototype, 'constructor', mirrorClass(shape.name, this.prototype));
    define(this, shape);
  }

  /** A new proxy, which holds `hold`. */
  instance(hold: Reference | View): object {
    const proxy = Object.create(this.prototype) as object;
    stamp(proxy, hold);
    const { session } = hold instanceof View ? hold.reference : hold;
    return session.dress === undefined ? proxy : session.dress(proxy, hold);
  }

  /** The reference behind a proxy, for its method `member`. An object of a local subclass gets one at its first use. */
  holdOf(object: unknown, member: string): Reference {
    return (isUnheld(object) ? this.session?.embody?.(object) : undefined) ?? mustBeProxy(object, member);
  }
}

function isUnheld(value: unknown): value is object {
  return typeof value === 'object' && value !== null && referenceOf(value) === undefined;
}

/** The prototype below all members: it knows what every object has, and asks the other process for the rest. */
function root(shape: Shape, bases: Bases): object {
  const base = shape.base === 'Function' ? (Function.prototype as object) : (bases.named(shape.base) ?? Object.prototype);
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

function define(mirror: Mirror, shape: Shape): void {
  const { prototype } = mirror;
  for (const name of shape.methods) hide(prototype, name, method(mirror, name));
  for (const [detach, attach] of Object.entries(shape.detaching)) declarePair(prototype, { attach, detach });
  for (const [name, answer] of Object.entries(shape.listening)) {
    if (answer === 'unsubscriber') declarePair(prototype, { attach: name });
    hide(prototype, name, listeningMethod(mirror, name, answer, declaredPair(prototype, name) !== undefined));
  }
  for (const [name, same] of Object.entries(shape.aliases ?? {})) hide(prototype, name, Reflect.get(prototype, same));
  for (const name of shape.accessors) Object.defineProperty(prototype, name, accessor(name));
  if (shape.iterable) hide(prototype, Symbol.asyncIterator, iterate);
  if (shape.sync && mirror.session?.dress !== undefined) hide(prototype, Symbol.iterator, iterateNow);
}

function hide(prototype: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(prototype, key, { value, writable: true, configurable: true });
}

function method(mirror: Mirror, name: string): unknown {
  const named = {
    [name](this: object, ...args: unknown[]): unknown {
      const reference = mirror.holdOf(this, name);
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
      reference.session.assign(reference, name, value, this);
    },
    configurable: true,
  };
}

function iterate(this: object): AsyncIterator<unknown> {
  const reference = mustBeProxy(this, 'Symbol.asyncIterator');
  return iterateRemote(Promise.resolve(reference.session.call(reference, OPERATION.method, ITERATE, [])));
}

/** Of a client that blocks: the iterator's methods are those of a hosted one. */
function iterateNow(this: object): unknown {
  const reference = mustBeProxy(this, 'Symbol.iterator');
  return reference.session.call(reference, OPERATION.method, ITERATE_SYNC, []);
}
