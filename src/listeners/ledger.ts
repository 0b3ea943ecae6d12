import { DynobotError } from '../errors.js';
import type { Platform } from '../platform.js';
import { allow, disallow, limitOf } from './allowance.js';
import { wrapListener, type Attachment, type Listener } from './attachment.js';
import {
  declaredPair, EMITTER_ATTACH, EMITTER_DETACH, EMITTER_DETACH_ALL, TARGET_ATTACH, TARGET_DETACH, type ListenerPair,
} from './styles.js';

type Methods = Record<string, (...args: unknown[]) => unknown>;

interface Details {
  once?: boolean;
  capture?: boolean;
  detach: (from: object, wrapper: Listener) => unknown;
}

export interface LedgerOptions {
  readonly platform: Platform;
  /** Who the session is, for warnings. */
  readonly label: () => string;
  readonly most: number;
  /** An error while detaching: it must not keep the rest attached. */
  readonly failed: (where: string, error: unknown) => void;
}

/**
 * The record of everything that one session has attached to our objects, so that its end detaches all of it.
 *
 * It holds objects and listeners weakly: an object that nobody else needs goes, and its listeners with it; a listener that
 * our own code removes is forgotten when it is collected.
 */
export class Ledger {
  readonly #attachments = new Set<Attachment>();
  /** By the listener as the peer sent it. */
  readonly #byListener = new WeakMap<object, Attachment[]>();
  readonly #counts = new WeakMap<object, Map<unknown, number>>();
  readonly #collected;

  constructor(private readonly options: LedgerOptions) {
    this.#collected = options.platform.weak.watch<Attachment>((attachment) => this.#forget(attachment));
  }

  get size(): number {
    return this.#attachments.size;
  }

  /** Carries out a call of a method that attaches or detaches, for the session. */
  perform(target: object, method: string, args: unknown[]): unknown {
    const pair = declaredPair(target, method);
    if (pair !== undefined) return this.#declared(target, method, args, pair);
    const emitter = EMITTER_ATTACH.get(method);
    if (emitter !== undefined) return this.#attachToEmitter(target, emitter, args);
    if (EMITTER_DETACH.has(method)) return this.#detachFrom(target, method, args, false);
    if (method === EMITTER_DETACH_ALL) {
      // "All" is all that this client has attached. What others have, and our own code, is not its to remove.
      this.detachFrom(target, ...args.slice(0, 1));
      return target;
    }
    if (method === TARGET_ATTACH) return this.#attachToTarget(target, args);
    if (method === TARGET_DETACH) return this.#detachFrom(target, method, args, isCapture(args[2]));
    return (target as Methods)[method]!(...args);
  }

  /** Detaches everything, the latest first. Returns how many there were. */
  detachAll(): number {
    const all = [...this.#attachments].reverse();
    for (const attachment of all) this.#detach(attachment);
    return all.length;
  }

  /** Detaches all from one object, or all of one event. */
  detachFrom(target: object, ...event: unknown[]): void {
    for (const attachment of [...this.#attachments].reverse()) {
      if (attachment.target.deref() === target && (event.length === 0 || attachment.event === event[0])) this.#detach(attachment);
    }
  }

  /** What is attached, for people. */
  *entries(): Iterable<{ target: object; event: unknown }> {
    for (const { target, event, wrapper } of this.#attachments) {
      const object = target.deref();
      if (object !== undefined && wrapper.deref() !== undefined) yield { target: object, event };
    }
  }

  #attachToEmitter(target: object, { once, prepend }: { once: boolean; prepend: boolean }, args: unknown[]): unknown {
    const [event, listener, ...context] = args;
    const sent = mustBeListener(listener);
    const attachment = this.#attachment(target, event, { once, detach: (from, wrapper) => (from as Methods)['removeListener']!(event, wrapper) });
    const wrapper = once ? this.#onceWrapper(sent, attachment) : wrapListener(sent);
    this.#record(attachment, sent, wrapper);
    return this.#attaching(attachment, () => (target as Methods)[prepend ? 'prependListener' : 'on']!(event, wrapper, ...context));
  }

  #attachToTarget(target: object, [type, listener, options]: unknown[]): unknown {
    if (listener === null || listener === undefined) return undefined;
    const sent = mustBeListener(listener);
    const capture = isCapture(options);
    const once = typeof options === 'object' && options !== null && Reflect.get(options, 'once') === true;
    if (this.#find(target, type, sent, capture) !== undefined) return undefined;
    const attachment = this.#attachment(target, type, {
      once, capture, detach: (from, wrapper) => (from as Methods)[TARGET_DETACH]!(type, wrapper, { capture }),
    });
    const wrapper = once ? this.#onceWrapper(sent, attachment) : wrapListener(sent);
    this.#record(attachment, sent, wrapper);
    return this.#attaching(attachment, () => (target as Methods)[TARGET_ATTACH]!(type, wrapper, options));
  }

  #detachFrom(target: object, method: string, args: unknown[], capture: boolean): unknown {
    const [event, listener] = args;
    const attachment = typeof listener === 'function' ? this.#find(target, event, listener, capture) : undefined;
    if (attachment === undefined) return (target as Methods)[method]!(...args);
    this.#detach(attachment);
    return target;
  }

  #declared(target: object, method: string, args: unknown[], { attach, detach }: ListenerPair): unknown {
    if (method !== attach) return this.#detachFrom(target, method, [attach, args.find((arg) => typeof arg === 'function'), ...args], false);
    const sent = args.find((arg): arg is Listener => typeof arg === 'function') ?? (() => {});
    const wrapper = wrapListener(sent);
    const wrapped = args.map((arg) => (arg === sent ? wrapper : arg));
    let unsubscriber: unknown;
    const attachment = this.#attachment(target, attach, {
      detach: (from) => (detach === undefined ? unsubscribe(unsubscriber) : (from as Methods)[detach]!(...wrapped)),
    });
    this.#record(attachment, sent, wrapper);
    unsubscriber = this.#attaching(attachment, () => (target as Methods)[attach]!(...wrapped));
    return detach === undefined ? () => this.#detach(attachment) : undefined;
  }

  #attachment(target: object, event: unknown, { once = false, capture = false, detach }: Details): Attachment {
    const attachment: Attachment = {
      target: this.options.platform.weak.hold(target),
      event, once, capture,
      wrapper: { deref: () => undefined },
      detach: (from) => {
        const wrapper = attachment.wrapper.deref();
        if (wrapper !== undefined) detach(from, wrapper);
      },
    };
    return attachment;
  }

  /** As Node's own: it is removed before the listener hears of the event. */
  #onceWrapper(listener: Listener, attachment: Attachment): Listener {
    const send = wrapListener(listener);
    const detach = () => this.#detach(attachment);
    return Object.assign(
      function (this: unknown, ...args: unknown[]): unknown {
        detach();
        return send.apply(this, args);
      },
      { listener },
    );
  }

  #record(attachment: Attachment, sent: Listener, wrapper: Listener): void {
    if (this.#attachments.size >= this.options.most) {
      throw new DynobotError('ERR_DYNOBOT_LIMIT', `no more than ${this.options.most} listeners (limits.listeners)`);
    }
    const { platform } = this.options;
    attachment.wrapper = platform.weak.hold(wrapper);
    this.#attachments.add(attachment);
    this.#collected.add(wrapper, attachment);
    const known = this.#byListener.get(sent);
    if (known === undefined) this.#byListener.set(sent, [attachment]);
    else known.push(attachment);
  }

  #attaching<T>(attachment: Attachment, attach: () => T): T {
    const target = attachment.target.deref()!;
    allow(target, attachment.event, this.options.platform);
    this.#count(target, attachment.event, 1);
    try {
      return attach();
    } catch (error) {
      this.#forget(attachment);
      throw error;
    }
  }

  #find(target: object, event: unknown, listener: object, capture: boolean): Attachment | undefined {
    return this.#byListener.get(listener)?.findLast(
      (attachment) => attachment.event === event && attachment.capture === capture && attachment.target.deref() === target,
    );
  }

  #detach(attachment: Attachment): void {
    if (!this.#forget(attachment)) return;
    const target = attachment.target.deref();
    if (target === undefined) return;
    try {
      attachment.detach(target);
    } catch (error) {
      this.options.failed(`detaching a listener of ${String(attachment.event)}`, error);
    }
  }

  #forget(attachment: Attachment): boolean {
    if (!this.#attachments.delete(attachment)) return false;
    this.#collected.remove(attachment);
    const target = attachment.target.deref();
    if (target !== undefined) {
      disallow(target, attachment.event, this.options.platform);
      this.#count(target, attachment.event, -1);
    }
    const listener = (attachment.wrapper.deref() as { listener?: object } | undefined)?.listener ?? attachment.wrapper.deref();
    const known = listener && this.#byListener.get(listener);
    if (known !== undefined) known.splice(known.indexOf(attachment), 1);
    return true;
  }

  #count(target: object, event: unknown, change: 1 | -1): void {
    let counts = this.#counts.get(target);
    if (counts === undefined) this.#counts.set(target, (counts = new Map()));
    const count = (counts.get(event) ?? 0) + change;
    counts.set(event, count);
    const limit = limitOf(target, this.options.platform);
    if (change < 0 || count !== limit + 1) return;
    const message = `Possible leak of listeners: ${this.options.label()} alone has attached ${count} ${String(event)} listeners. The limit is ${limit}.`;
    this.options.platform.warn('MaxListenersExceededWarning', message);
  }
}

function mustBeListener(listener: unknown): Listener {
  if (typeof listener === 'function') return listener as Listener;
  throw Object.assign(new TypeError('The "listener" argument must be of type function'), { code: 'ERR_INVALID_ARG_TYPE' });
}

function isCapture(options: unknown): boolean {
  return typeof options === 'object' && options !== null ? Reflect.get(options, 'capture') === true : options === true;
}

/** Ends a subscription, whatever form its library gives to the end. */
function unsubscribe(unsubscriber: unknown): void {
  if (typeof unsubscriber === 'function') return void (unsubscriber as () => unknown)();
  if (typeof unsubscriber !== 'object' || unsubscriber === null) return;
  for (const name of ['unsubscribe', 'dispose', 'close', 'off', Symbol.dispose]) {
    const end: unknown = Reflect.get(unsubscriber, name);
    if (typeof end === 'function') return void end.call(unsubscriber);
  }
}
