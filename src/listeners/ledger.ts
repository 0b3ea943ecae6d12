import { limitError } from '../errors.js';
import type { Pace, Platform, WeakHold } from '../platform.js';
import { outcomeMeant, Thrown } from '../proxies/outcome.js';
import { referenceOf } from '../proxies/reference.js';
import { classNameOf } from '../proxies/shape.js';
import { allow, disallow, limitOf } from './allowance.js';
import { crossesAs, wrapListener, type Attachment, type Listener, type Together } from './attachment.js';
import { Newcomers } from './newcomers.js';

export interface LedgerOptions {
  readonly platform: Platform;
  /** Who the session is, for warnings. */
  readonly label: () => string;
  readonly most: number;
  /** Most events that are kept of an emitter that is new to the other side. */
  readonly mostOfNewcomer: number;
  /** Whether the other side has a reference to it already, or gets something else in its stead. */
  readonly isKnown: (emitter: object) => boolean;
  /** An error while detaching: it must not keep the rest attached. */
  readonly failed: (where: string, error: unknown) => void;
}

/** What is to be attached, and how it is detached again. */
export interface ToAttach {
  readonly target: object;
  readonly event: unknown;
  /** As the peer sent it. */
  readonly listener: Listener;
  readonly once?: boolean;
  readonly capture?: boolean;
  /** Before those that are attached already. */
  readonly first?: boolean;
  readonly together?: Together;
  /** What the listener is called on, if that is not the object. */
  readonly context?: unknown;
  attach(wrapper: Listener, attachment: Attachment): unknown;
  detach(target: object, wrapper: Listener): unknown;
  /** How one listener is attached in the stead of all that have this key. Without it, each is attached by itself. */
  readonly shared?: { readonly key: string; attach(wrapper: Listener): unknown };
}

/** What attaches listeners otherwise than to the object itself. */
export type Staging = (what: ToAttach) => ToAttach;

/**
 * The record of everything that one session has attached to our objects, so that its end detaches all of it.
 *
 * It holds objects and listeners weakly: an object that nobody else needs goes, and its listeners with it; a listener that
 * our own code removes is forgotten when it is collected.
 */
export class Ledger {
  readonly #attachments = new Set<Attachment>();
  readonly #byListener = new WeakMap<object, Attachment[]>();
  readonly #counts = new WeakMap<object, Map<unknown, number>>();
  readonly #collected;
  readonly #newcomers: Newcomers;
  #attaching: Attachment | undefined;
  /** For a session that takes turns in a role: the role attaches what it listens to. */
  staging: Staging | undefined;
  /** The emitter whose newListener this session has been told of already. */
  #announced: object | undefined;

  constructor(private readonly options: LedgerOptions) {
    const { isKnown, mostOfNewcomer: most, failed } = options;
    this.#newcomers = new Newcomers({ isKnown, most, failed });
    this.#collected = options.platform.weak.watch<Attachment>((attachment) => this.#forget(attachment));
  }

  readonly #listenerFailed = (error: unknown): void => this.options.failed('a listener', error);

  get size(): number {
    return this.#attachments.size;
  }

  /** Attaches and records. Returns what the object's method returned. */
  attach(given: ToAttach): unknown {
    if (this.#attachments.size >= this.options.most) {
      throw limitError('LISTENERS', `no more than ${this.options.most} listeners (limits.listeners): the one for ${nameOf(given)} is not attached`);
    }
    const what = this.staging === undefined ? given : this.staging(given);
    const attachment = this.#record(what);
    try {
      const attached = what.attach(attachment.wrapper.deref()!, attachment);
      // An emitter elsewhere that refuses says so later.
      outcomeMeant(attached)?.tell((outcome) => void (outcome instanceof Thrown && this.#forget(attachment)));
      return attached;
    } catch (error) {
      this.#forget(attachment);
      throw error;
    }
  }

  find(target: object, event: unknown, listener: unknown, capture = false): Attachment | undefined {
    if (typeof listener !== 'function') return undefined;
    const fits = (one: Attachment): boolean => one.event === event && one.capture === capture && one.target.deref() === target;
    return this.#byListener.get(listener)?.findLast(fits) ?? this.#shownAs(listener as Listener)?.find((one) => fits(one) && one.wrapper.deref() === listener);
  }

  /** As eventemitter3 chooses what to remove: every one of that listener, if wanted only with that context, or only those for one event. */
  findAll(target: object, event: unknown, listener: Listener, context: unknown, onlyOnce: boolean): Attachment[] {
    const fits = (one: Attachment): boolean => one.event === event && one.target.deref() === target;
    const isWanted = (one: Attachment): boolean => (!onlyOnce || one.once) && (!context || (one.context?.deref() ?? target) === context);
    return this.#byListener.get(listener)?.filter((one) => fits(one) && isWanted(one)) ?? [];
  }

  /** All of the listener that this is the wrapper of, as an emitter shows it (`rawListeners`). */
  #shownAs(wrapper: Listener): Attachment[] | undefined {
    const original: unknown = referenceOf(wrapper) === undefined ? Object.getOwnPropertyDescriptor(wrapper, 'listener')?.value : undefined;
    return typeof original === 'function' ? this.#byListener.get(original) : undefined;
  }

  /** Returns what the object's method returned. */
  detach(attachment: Attachment): unknown {
    const target = attachment.target.deref();
    const wrapper = attachment.wrapper.deref();
    if (!this.#forget(attachment)) return undefined;
    this.options.platform.collector?.loosened();
    return target !== undefined && wrapper !== undefined ? this.#detach(attachment, target, wrapper) : undefined;
  }

  #detach(attachment: Attachment, target: object, wrapper: Listener): unknown {
    return this.#contain(attachment, () => attachment.detach(target, wrapper));
  }

  #contain({ event }: Attachment, detach: () => unknown): unknown {
    const failed = (error: unknown): void => this.options.failed(`detaching a listener of ${String(event)}`, error);
    try {
      const ending = detach();
      if (ending instanceof Promise) ending.catch(failed);
      return ending;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  /** Detaches all from one object. */
  detachFrom(target: object): void {
    const all = this.attachedTo(target);
    for (const attachment of all) this.#forget(attachment);
    this.#detachMany(all);
    this.options.platform.collector?.loosened();
  }

  /** What is attached to one object, or to one event of it, in the order in which it was attached. */
  attachedTo(target: object, ...event: unknown[]): Attachment[] {
    return [...this.#attachments].filter((one) => one.target.deref() === target && (event.length === 0 || one.event === event[0]));
  }

  /** Attaches what this session's own listeners of `newListener` have been told of already: they do not hear of it again. */
  announced(target: object, attach: () => unknown): unknown {
    const outer = this.#announced;
    this.#announced = target;
    try {
      return attach();
    } finally {
      this.#announced = outer;
    }
  }

  #isAnnounced(target: WeakHold<object>): boolean {
    return this.#announced !== undefined && target.deref() === this.#announced;
  }

  /** The session has ended. Detaches everything. Returns how many there were. */
  detachAll(): number {
    const all = [...this.#attachments];
    this.#attachments.clear();
    for (const attachment of all) attachment.isAttached = false;
    this.#collected.end();
    for (const { target, event } of all) {
      const object = target.deref();
      if (object !== undefined) disallow(object, event, this.options.platform);
    }
    this.#detachMany(all);
    return all.length;
  }

  /** In the order in which objects find them the fastest: emitters look for the latest first, event targets for the oldest. */
  #detachMany(all: readonly Attachment[]): void {
    const done = new Set<Together>();
    const detach = (attachment: Attachment): void => {
      const { together } = attachment;
      const target = attachment.target.deref();
      const wrapper = attachment.wrapper.deref();
      if (target === undefined) return;
      if (together === undefined) return void (wrapper && this.#detach(attachment, target, wrapper));
      if (done.size === done.add(together).size) return;
      this.#contain(attachment, () => together.detachAll(target));
    };
    for (const attachment of all) if (isEventTarget(attachment)) detach(attachment);
    for (const attachment of [...all].reverse()) if (!isEventTarget(attachment)) detach(attachment);
  }

  /** What is attached, for people. */
  *entries(): Iterable<{ target: object; event: unknown }> {
    for (const { target, event, wrapper } of this.#attachments) {
      const object = target.deref();
      if (object !== undefined && wrapper.deref() !== undefined) yield { target: object, event };
    }
  }

  #record({ target, event, listener, once = false, capture = false, first = false, together, context, detach }: ToAttach): Attachment {
    const { weak } = this.options.platform;
    // A stand-in that goes does not take along what is attached to the emitter in the third process: it must be detached there.
    const hold = referenceOf(target) === undefined ? weak.hold(target) : strongly(target);
    const attachment: Attachment = {
      target: hold,
      event,
      once,
      capture,
      together,
      context: held(weak, context),
      detach,
      listener: weak.hold(listener),
      wrapper: { deref: () => undefined },
      isAttached: true,
    };
    const wrapper = this.#wrapper(target, listener, attachment, { once, first });
    if (isShownAsIs(target, listener, once)) crossesAs(wrapper, listener);
    attachment.wrapper = this.#collected.add(wrapper, attachment);
    this.#attachments.add(attachment);
    const known = this.#byListener.get(listener);
    if (known === undefined) this.#byListener.set(listener, [attachment]);
    else if (first) known.unshift(attachment);
    else known.push(attachment);
    allow(target, event, this.options.platform);
    this.#attaching = attachment;
    this.#count(target, event, 1);
    this.#attaching = undefined;
    return attachment;
  }

  #wrapper(target: object, listener: Listener, attachment: Attachment, { once, first }: { once: boolean; first: boolean }): Listener {
    const pace = this.options.platform.paceOf?.(target);
    const wrapper = once ? this.#onceWrapper(listener, attachment, pace) : this.#plainWrapper(target, listener, attachment, pace);
    const hold = this.#newcomers.on(target);
    if (hold === undefined) return wrapper;
    const gated = hold.gate(wrapper, listener);
    hold.attached(attachment, first);
    return gated;
  }

  #plainWrapper(target: object, listener: Listener, { event }: Attachment, pace: Pace | undefined): Listener {
    const wrapper = wrapListener(listener, this.#newcomers, this.#listenerFailed, pace);
    if (event !== 'newListener') return wrapper;
    const isAnnounced = this.#isAnnounced.bind(this, this.options.platform.weak.hold(target));
    const heard = function (this: unknown, ...args: unknown[]): unknown {
      return isAnnounced() ? undefined : wrapper.apply(this, args);
    };
    return Object.assign(heard, { listener });
  }

  /** As Node's own: it is removed before the listener hears of the event. */
  #onceWrapper(listener: Listener, attachment: Attachment, pace: Pace | undefined): Listener {
    const send = wrapListener(listener, this.#newcomers, this.#listenerFailed, pace);
    const detach = (): unknown => this.detach(attachment);
    return Object.assign(
      function (this: unknown, ...args: unknown[]): unknown {
        detach();
        return send.apply(this, args);
      },
      { listener },
    );
  }

  #forget(attachment: Attachment): boolean {
    if (!this.#attachments.delete(attachment)) return false;
    attachment.isAttached = false;
    const target = attachment.target.deref();
    if (target !== undefined) {
      disallow(target, attachment.event, this.options.platform);
      this.#count(target, attachment.event, -1);
    }
    const listener = attachment.listener.deref();
    const known = listener && this.#byListener.get(listener);
    if (known !== undefined) known.splice(known.indexOf(attachment), 1);
    return true;
  }

  /** Forgets what the object does not list as attached any more. Returns how many there were. */
  #sweep(target: object, event: unknown): number {
    const attached = this.staging === undefined ? listenersOf(target, event) : undefined;
    if (attached === undefined) return 0;
    let forgotten = 0;
    for (const attachment of [...this.#attachments]) {
      if (attachment.target.deref() !== target || attachment.event !== event || attached.has(attachment.wrapper.deref())) continue;
      // The one that is about to be attached is not there yet.
      if (attachment !== this.#attaching && this.#forget(attachment)) forgotten++;
    }
    return forgotten;
  }

  #count(target: object, event: unknown, change: 1 | -1): void {
    let counts = this.#counts.get(target);
    if (counts === undefined) this.#counts.set(target, (counts = new Map()));
    const count = (counts.get(event) ?? 0) + change;
    if (count === 0) counts.delete(event);
    else counts.set(event, count);
    const limit = change > 0 ? limitOf(target, this.options.platform) : Infinity;
    // Those that our own code has removed are noticed only when they are collected; before somebody is blamed, they are.
    if (count !== limit + 1 || this.#sweep(target, event) > 0) return;
    const message = `Possible leak of listeners: ${this.options.label()} alone has attached ${count} ${String(event)} listeners. The limit is ${limit}.`;
    this.options.platform.warn('MaxListenersExceededWarning', message);
  }
}

/** For people: `message of Client`. What is a peer's is not asked for its text. */
function nameOf({ target, event }: ToAttach): string {
  const isText = typeof event === 'string' || typeof event === 'symbol';
  return `${isText ? String(event) : 'an event'} of ${referenceOf(target)?.mirror?.shape.name ?? classNameOf(target)}`;
}

/** What an emitter says is attached to it; undefined if it cannot say. */
function listenersOf(target: object, event: unknown): Set<unknown> | undefined {
  const { rawListeners, listeners } = target as { rawListeners?: unknown; listeners?: unknown };
  const list = typeof rawListeners === 'function' ? rawListeners : listeners;
  if (typeof list !== 'function' || referenceOf(target) !== undefined) return undefined;
  const attached: unknown = list.call(target, event);
  return Array.isArray(attached) ? new Set<unknown>(attached) : undefined;
}

/**
 * Of one that is attached once, an emitter shows its wrapper: an emitter elsewhere has one of its own. A function of the
 * process that the emitter is in would go home: that process could not tell it from one that it attached itself.
 */
function isShownAsIs(target: object, listener: Listener, once: boolean): boolean {
  const elsewhere = referenceOf(target);
  return elsewhere === undefined ? !once : elsewhere.session !== referenceOf(listener)?.session;
}

/** One of this process: of those elsewhere nobody looks for listeners here. */
function isEventTarget({ target }: Attachment): boolean {
  const object = target.deref();
  return object instanceof EventTarget && referenceOf(object) === undefined;
}

function held(weak: Platform['weak'], context: unknown): Attachment['context'] {
  if (context === undefined) return undefined;
  return (typeof context === 'object' && context !== null) || typeof context === 'function' ? weak.hold(context) : { deref: () => context };
}

function strongly(target: object): Attachment['target'] {
  return { deref: () => target };
}
