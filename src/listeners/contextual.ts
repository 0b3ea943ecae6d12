import { currentCourse } from '../proxies/course.js';
import { referenceOf } from '../proxies/reference.js';
import { emitterStyle, type EmitterStyle } from '../proxies/shape.js';
import type { Listener, Together } from './attachment.js';
import type { Ledger, ToAttach } from './ledger.js';
import { inSteps } from './steps.js';

/** eventemitter3 and its like: a listener is attached with the object that it is called on. */
interface Contextual {
  on(event: unknown, listener: Listener, context: Context): unknown;
  removeListener(event: unknown, listener: Listener, context?: Context): unknown;
}

/** What a wrapper is attached with, and by which it is told from the session's others. */
class Context {
  constructor(
    readonly wrapper: Listener,
    readonly self: unknown,
  ) {}
}

/**
 * All that one session attaches to one event of one such emitter. Its `removeListener` copies the whole list, so that to
 * detach ten thousand one by one takes a third of a second; but it removes in one pass all that are the same function. So
 * they are one function, each with a context of its own.
 */
class Shared implements Together {
  readonly #contexts = new WeakMap<Listener, Context>();
  readonly #dispatch: Listener;

  constructor(private readonly event: unknown) {
    this.#dispatch = function (...args) {
      const { wrapper, self } = this as Context;
      return wrapper.apply(self, args);
    };
  }

  attach(target: Contextual, wrapper: Listener, self: unknown): unknown {
    const context = new Context(wrapper, self);
    this.#contexts.set(wrapper, context);
    return target.on(this.event, this.#dispatch, context);
  }

  detach(target: Contextual, wrapper: Listener): void {
    const context = this.#contexts.get(wrapper);
    if (context !== undefined) target.removeListener(this.event, this.#dispatch, context);
  }

  detachAll(target: object): void {
    (target as Contextual).removeListener(this.event, this.#dispatch);
  }
}

const shared = new WeakMap<Ledger, WeakMap<object, Map<unknown, Shared>>>();

function sharedOf(ledger: Ledger, target: object, event: unknown): Shared {
  let targets = shared.get(ledger);
  if (targets === undefined) shared.set(ledger, (targets = new WeakMap()));
  let events = targets.get(target);
  if (events === undefined) targets.set(target, (events = new Map()));
  let all = events.get(event);
  if (all === undefined) events.set(event, (all = new Shared(event)));
  return all;
}

/** By the parameters of its methods; Node's emitters take two. */
export function isContextual(target: object): target is Contextual {
  const { on, removeListener } = target as { on?: unknown; removeListener?: unknown };
  return typeof on === 'function' && on.length === 3 && typeof removeListener === 'function' && removeListener.length === 4;
}

/** Of an emitter here, or in another process. */
export function styleOf(target: object): EmitterStyle {
  const elsewhere = referenceOf(target);
  if (elsewhere !== undefined) return emitterStyle(elsewhere.mirror?.shape);
  if (isContextual(target)) return 'contextual';
  return typeof (target as { prependListener?: unknown }).prependListener === 'function' ? 'node' : 'other';
}

/** Detaches what eventemitter3 would remove, of what this session has attached. */
export function detachFromContext(ledger: Ledger, target: object, [event, listener, context, onlyOnce]: unknown[]): unknown {
  const all = ledger.findAll(target, event, listener as Listener, context, Boolean(onlyOnce));
  return inSteps(currentCourse(), [...all.map((attachment) => () => ledger.detach(attachment)), () => target]);
}

export function attachInContext(ledger: Ledger, target: Contextual, how: { once: boolean }, { event, listener, self }: { event: unknown; listener: Listener; self: unknown }): unknown {
  const together = sharedOf(ledger, target, event);
  return ledger.attach({ target, event, listener, once: how.once, together, ...contextOf(target, self), ...ways(together, target, self) });
}

/** What a listener is called on instead of the emitter, if it is. */
export function contextOf(target: object, self: unknown): { context?: unknown } {
  return Boolean(self) && self !== target ? { context: self } : {};
}

/** Made apart from what attaches: closures of one scope share what they hold, and `detach` outlives the target. */
function ways(all: Shared, target: Contextual, self: unknown): Pick<ToAttach, 'attach' | 'detach' | 'shared'> {
  const attach = (on: unknown) => (wrapper: Listener): unknown => all.attach(target, wrapper, on);
  // The one that stands for all is called on the emitter: which context each of them has, a role knows.
  return { attach: attach(self), detach: detaching(all), shared: { key: 'emitter', attach: attach(target) } };
}

function detaching(all: Shared): (from: object, wrapper: Listener) => void {
  return (from, wrapper) => all.detach(from as Contextual, wrapper);
}
