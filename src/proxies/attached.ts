import { EMITTER_ATTACH, EMITTER_DETACH, EMITTER_DETACH_ALL, isCapture, optionOf, TARGET_ATTACH, TARGET_DETACH } from './listening-styles.js';
import { referenceOf, type Reference } from './reference.js';
import { emitterStyle, type Shape } from './shape.js';

type Listener = (this: unknown, ...args: unknown[]) => unknown;

/** One thing that this process has attached to a service of the other side. */
interface Entry {
  readonly to: Reference;
  /** The event, or the name of the attaching method. */
  readonly event: unknown;
  readonly capture: boolean;
  /** As the user gave it; undefined if it is not to be found among the arguments. */
  readonly listener: Listener | undefined;
  /** What is sent for it: a listener for one event tells when it has heard it. */
  readonly sent: Listener | undefined;
  readonly once?: boolean;
  /** What the listener is called on, if that is not the emitter. */
  readonly context?: unknown;
  attach(): void;
}

type Send = (args: unknown[]) => void;

/**
 * What this process has attached to services: all of it is attached again when a session takes the place of one that was
 * lost (Succession). What is attached to other objects goes with them.
 *
 * A listener is forgotten when it is detached, when it was for one event and has heard it, and when the other side holds
 * it no more.
 */
export class Attached {
  /** In the order in which they were attached. */
  readonly #entries = new Set<Entry>();
  /** By listener; the last of a list is the first to be detached. */
  readonly #byListener = new Map<Listener, Entry[]>();

  get size(): number {
    return this.#entries.size;
  }

  /** Sends a call that attaches or detaches, and enters it here, unless sending throws. */
  enter(to: Reference, method: string, args: unknown[], send: Send): void {
    const declared = declaredIn(to.mirror?.shape, method);
    if (declared === 'attaches') return this.#attachDeclared(to, method, args, send);
    if (declared !== undefined) return this.#detachDeclared(to, declared.undoes, args, send);
    if (EMITTER_ATTACH.has(method)) return this.#attachToEmitter(to, method, args, send);
    if (method === TARGET_ATTACH) return this.#attachToTarget(to, args, send);
    if (EMITTER_DETACH.has(method) && typeof args[1] === 'function' && emitterStyle(to.mirror?.shape) === 'contextual') return this.#detachFromContext(to, args, send);
    if (EMITTER_DETACH.has(method)) return this.#detach(to, args, false, send);
    if (method === TARGET_DETACH) return this.#detach(to, args, isCapture(args[2]), send);
    send(args);
    if (method === EMITTER_DETACH_ALL) this.#forgetAll(to, args);
  }

  /** A subscription, which `attach` begins. Returns what forgets it. */
  subscribed(to: Reference, event: string, attach: () => void): () => void {
    const entry = this.#add({ to, event, capture: false, listener: undefined, sent: undefined, attach });
    return () => this.#forget(entry);
  }

  /** The other side holds the function no more. */
  released(fn: object): void {
    const entries = this.#byListener.get(originals.get(fn) ?? (fn as Listener));
    for (const entry of [...(entries ?? [])]) if (entry.sent === fn) this.#forget(entry);
  }

  /** Attaches all that is attached to these, in the order in which it was. */
  attachAgain(services: ReadonlySet<Reference>): void {
    for (const entry of this.#entries) if (services.has(entry.to)) entry.attach();
  }

  #attachToEmitter(to: Reference, method: string, args: unknown[], send: Send): void {
    const [event, listener, ...context] = args as [unknown, Listener, ...unknown[]];
    const { once, prepend } = EMITTER_ATTACH.get(method)!;
    const sent = once ? this.#forOneEvent(listener) : listener;
    const attach = (): void => send([event, sent, ...context]);
    attach();
    this.#add({ to, event, capture: false, listener, sent, once, context: context[0], attach }, prepend);
  }

  #attachToTarget(to: Reference, args: unknown[], send: Send): void {
    const [event, listener, ...rest] = args;
    const once = optionOf(rest[0], 'once') === true;
    const signal = optionOf(rest[0], 'signal') as AbortSignal | undefined;
    if (typeof listener !== 'function' || signal?.aborted === true) return send(args);
    const capture = isCapture(rest[0]);
    // A target takes the same listener only once: the other side must know it for the same.
    const known = this.#find(to, event, listener, capture);
    const sent = known?.sent ?? (once ? this.#forOneEvent(listener as Listener) : (listener as Listener));
    const attach = (): void => {
      if (signal?.aborted !== true) send([event, sent, ...rest]);
    };
    attach();
    if (known !== undefined) this.#forget(known);
    this.#add({ to, event, capture, listener: listener as Listener, sent, attach });
  }

  #attachDeclared(to: Reference, method: string, args: unknown[], send: Send): void {
    const listener = firstFunction(args);
    send(args);
    this.#add({ to, event: method, capture: false, listener, sent: listener, attach: () => send(args) });
  }

  #detach(to: Reference, args: unknown[], capture: boolean, send: Send): void {
    const [event, listener, ...rest] = args;
    if (typeof listener !== 'function') {
      send(args);
      return this.#forgetAll(to, [event]);
    }
    const entry = this.#find(to, event, listener, capture);
    if (entry === undefined) this.#forgetShown(to, event, listener);
    send([event, entry?.sent ?? listener, ...rest]);
    if (entry !== undefined) this.#forget(entry);
  }

  /** All that an eventemitter3 removes: every one of that listener, if wanted only with that context, or only those for one event. */
  #detachFromContext(to: Reference, [event, listener, ...rest]: unknown[], send: Send): void {
    const [context, onlyOnce] = rest;
    const isOn = (entry: Entry): boolean => (entry.context ? entry.context === context : isProxyOf(to, context));
    const fits = (entry: Entry): boolean => entry.to === to && entry.event === event && (!onlyOnce || entry.once === true) && (!context || isOn(entry));
    const entries = this.#byListener.get(listener as Listener)?.filter(fits) ?? [];
    const sent = new Set(entries.length === 0 ? [listener] : entries.map((entry) => entry.sent));
    for (const fn of sent) send([event, fn, ...rest]);
    for (const entry of entries) this.#forget(entry);
  }

  /** A function of the other side's, as `rawListeners` shows one for one event: what was sent is what it says is its listener. */
  #forgetShown(to: Reference, event: unknown, shown: object): void {
    const reference = referenceOf(shown);
    if (reference === undefined || reference.released || reference.session !== to.session || to.session.ended) return;
    const forget = (sent: unknown): void => {
      const entries = this.#byListener.get(originals.get(sent as object) as Listener);
      const entry = entries?.find((one) => one.to === to && one.event === event && one.sent === sent);
      if (entry !== undefined) this.#forget(entry);
    };
    // Asked before it is detached. Who refuses to tell has shown something else.
    Promise.resolve(reference.session.read(reference, 'listener', undefined)).then(forget, () => {});
  }

  #detachDeclared(to: Reference, attaching: string, args: unknown[], send: Send): void {
    const entry = this.#find(to, attaching, firstFunction(args), false);
    send(args);
    if (entry !== undefined) this.#forget(entry);
  }

  #forgetAll(to: Reference, args: unknown[]): void {
    for (const entry of [...this.#entries]) {
      if (entry.to === to && (args.length === 0 || entry.event === args[0])) this.#forget(entry);
    }
  }

  #forOneEvent(listener: Listener): Listener {
    const forget = (): void => this.released(sent);
    const sent: Listener = function (...args) {
      forget();
      return listener.apply(this, args);
    };
    originals.set(sent, listener);
    return sent;
  }

  /** The one that the other side would detach. */
  #find(to: Reference, event: unknown, listener: unknown, capture: boolean): Entry | undefined {
    const fits = (entry: Entry): boolean => entry.to === to && entry.event === event && entry.capture === capture;
    return this.#byListener.get(listener as Listener)?.findLast(fits);
  }

  #add(entry: Entry, first = false): Entry {
    const { listener } = entry;
    this.#entries.add(entry);
    if (listener === undefined) return entry;
    const known = this.#byListener.get(listener);
    if (known === undefined) this.#byListener.set(listener, [entry]);
    else if (first) known.unshift(entry);
    else known.push(entry);
    return entry;
  }

  #forget(entry: Entry): void {
    if (!this.#entries.delete(entry) || entry.listener === undefined) return;
    const known = this.#byListener.get(entry.listener)!;
    known.splice(known.indexOf(entry), 1);
    if (known.length === 0) this.#byListener.delete(entry.listener);
  }
}

/** What a method does whose class, in the other process, was told about by `declareListeners`. */
function declaredIn(shape: Shape | undefined, method: string): 'attaches' | { undoes: string } | undefined {
  for (let at = shape; at !== undefined; at = at.parent) {
    const undoes = at.detaching[method];
    if (undoes !== undefined) return { undoes };
    if (Object.values(at.detaching).includes(method)) return 'attaches';
  }
  return undefined;
}

function isProxyOf(reference: Reference, value: unknown): boolean {
  return typeof value === 'object' && value !== null && referenceOf(value) === reference;
}

/** Of what is sent for listeners for one event, the listeners. */
const originals = new WeakMap<object, Listener>();

function firstFunction(args: readonly unknown[]): Listener | undefined {
  return args.find((arg): arg is Listener => typeof arg === 'function');
}
