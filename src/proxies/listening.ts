import { DynobotError } from '../errors.js';
import { EMITTER_ATTACH, EMITTER_DETACH, EMITTER_DETACH_ALL, TARGET_ATTACH, TARGET_DETACH, type Answer } from './listening-styles.js';
import { OPERATION } from '../wire.js';
import type { Attached } from './attached.js';
import type { Mirror } from './mirror.js';
import { Referred } from '../values/marks.js';
import { referenceOf, type Reference, type Session } from './reference.js';
import { emitterStyle } from './shape.js';

/** A mirrored method that attaches or detaches listeners, and answers as it would locally. */
export function listeningMethod(mirror: Mirror, name: string, answer: Answer, isDeclared: boolean): unknown {
  const named = {
    [name](this: object, ...args: unknown[]): unknown {
      const reference = mirror.holdOf(this, name);
      return reference.session.listening(reference, name, answer, args, this, isDeclared);
    },
  };
  return named[name];
}

/**
 * Attaches or detaches without waiting: the call is sent, and answered here. What was declared takes arguments of its own,
 * whatever it is called.
 */
export function listenFromAfar(reference: Reference, name: string, answer: Answer, args: unknown[], proxy: object, isDeclared: boolean): unknown {
  const checked = isDeclared ? args : check(reference, name, args);
  if (!DETACHING.has(name)) mustBeUsable(reference);
  if (answer === 'unsubscriber') return subscribe(reference, name, checked);
  listen(reference, name, checked, isDeclared);
  return answer === 'this' ? proxy : undefined;
}

/** Harmless on a proxy that refers to nothing any more: what they would detach has gone. */
const DETACHING = new Set([...EMITTER_DETACH, EMITTER_DETACH_ALL, TARGET_DETACH]);

/** A listener that will never hear anything is not attached in silence. One of a service that is away is attached when it is back. */
function mustBeUsable(reference: Reference): void {
  const error = reference.session.unusable(reference);
  if (error !== undefined && (recordOf(reference) === undefined || reference.session.succession?.state !== 'awaited')) throw error;
}

/** Where attachments to a service are entered, if its connection can have another session. */
function recordOf(reference: Reference): Attached | undefined {
  return reference.called === undefined || reference.released ? undefined : reference.session.succession?.attached;
}

function listen(reference: Reference, name: string, args: unknown[], isDeclared: boolean): void {
  // Not kept: when it is attached again, the reference has another session.
  const send = (sent: unknown[]): void => {
    reference.session.cast(reference, OPERATION.method, name, isDeclared ? sent : withContext(reference, name, sent));
    reference.session.listens(sent);
  };
  const record = recordOf(reference);
  if (record === undefined) send(args);
  else record.enter(reference, name, args, send);
}

function check(reference: Reference, name: string, args: unknown[]): unknown[] {
  if (EMITTER_ATTACH.has(name) || EMITTER_DETACH.has(name)) {
    if (typeof args[1] !== 'function' && !removesAll(reference, name, args)) throw notAFunction(args[1]);
  } else if (name === TARGET_ATTACH || name === TARGET_DETACH) {
    return [args[0], handlerFunction(args[1]), ...args.slice(2)];
  }
  return args;
}

/** Without a listener, Node's emitters remove nothing; others in their image remove all. */
function removesAll(reference: Reference, name: string, [, listener]: unknown[]): boolean {
  return EMITTER_DETACH.has(name) && (listener === undefined || listener === null) && emitterStyle(reference.mirror?.shape) !== 'node';
}

/** What a listener is called on has an identity, which it would lose as data. */
function withContext(reference: Reference, name: string, args: unknown[]): unknown[] {
  const [event, listener, context, ...rest] = args;
  if (typeof context !== 'object' || context === null || referenceOf(context) !== undefined) return args;
  const takesContext = (EMITTER_ATTACH.has(name) || EMITTER_DETACH.has(name)) && emitterStyle(reference.mirror?.shape) === 'contextual';
  return takesContext ? [event, listener, new Referred(context), ...rest] : args;
}

function notAFunction(value: unknown): TypeError {
  const error = new TypeError(`The "listener" argument must be of type function. Received ${value === null ? 'null' : `type ${typeof value}`}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

const handlerFunctions = new WeakMap<object, unknown>();

/** An object with `handleEvent` has an identity, which it would lose as data: one function stands for it. */
function handlerFunction(handler: unknown): unknown {
  if (typeof handler !== 'object' || handler === null) return handler;
  let fn = handlerFunctions.get(handler);
  if (fn === undefined) {
    fn = (event: unknown) => (handler as { handleEvent(event: unknown): unknown }).handleEvent(event);
    handlerFunctions.set(handler, fn);
  }
  return fn;
}

/** What detaches, in all the forms that libraries return. */
export function unsubscriber(unsubscribe: () => void): object {
  return Object.assign(unsubscribe, { unsubscribe, dispose: unsubscribe, close: unsubscribe, [Symbol.dispose]: unsubscribe });
}

/** The same for who waits for the host, which refuses by itself what is no listener. */
export function sentForListening(reference: Reference, name: string, args: unknown[]): unknown[] {
  if (name === TARGET_ATTACH || name === TARGET_DETACH) return check(reference, name, args);
  return withContext(reference, name, args);
}

/** Attaches, and returns at once what detaches. */
function subscribe(reference: Reference, name: string, args: unknown[]): object {
  let subscription: Subscription | undefined;
  const attach = (): void => void (subscription = reference.session.ended ? undefined : new Subscription(reference, name, args));
  attach();
  const forget = recordOf(reference)?.subscribed(reference, name, attach);
  return unsubscriber(() => {
    forget?.();
    subscription?.end();
  });
}

/** What one call of a declared attaching method has begun. */
class Subscription {
  readonly #session: Session;
  readonly #attached: Promise<unknown>;
  #detach: unknown;

  constructor(reference: Reference, private readonly name: string, args: unknown[]) {
    const { session } = reference;
    this.#session = session;
    const answered = session.call(reference, OPERATION.method, name, args) as Promise<unknown>;
    session.listens(args);
    this.#attached = answered.then((answer) => (this.#detach = answer), (error: unknown) => session.refused(`${name}()`, error));
  }

  /** In order with the calls around it, once the subscription has been answered; until then, as soon as it is. */
  end(): void {
    if (this.#detach === undefined) void this.#attached.then(() => this.#end());
    else this.#end();
  }

  #end(): void {
    const failed = (error: unknown): void => this.#session.refused(`the unsubscriber of ${this.name}()`, error);
    if (typeof this.#detach === 'function') Promise.resolve((this.#detach as () => unknown)()).catch(failed);
    else if (this.#detach !== undefined) failed(new DynobotError('ERR_DYNOBOT_ARGUMENT', `${this.name} did not return an unsubscriber`));
  }
}
