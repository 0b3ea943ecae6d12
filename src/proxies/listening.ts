import { disconnected, DynobotError } from '../errors.js';
import { EMITTER_ATTACH, EMITTER_DETACH, EMITTER_DETACH_ALL, TARGET_ATTACH, TARGET_DETACH, type Answer } from './listening-styles.js';
import { OPERATION } from '../wire.js';
import { mustBeProxy, type Reference, type Session } from './reference.js';

/** A mirrored method that attaches or detaches listeners: it is sent without waiting and answers as it would locally. */
export function listeningMethod(name: string, answer: Answer): unknown {
  const named = {
    [name](this: object, ...args: unknown[]): unknown {
      const reference = mustBeProxy(this, name);
      const checked = check(name, args);
      if (!DETACHING.has(name)) mustBeUsable(reference);
      if (answer === 'unsubscriber') return subscribe(reference, name, checked);
      reference.session.cast(reference, OPERATION.method, name, checked);
      reference.session.listens(checked);
      return answer === 'this' ? this : undefined;
    },
  };
  return named[name];
}

/** Harmless on a proxy that refers to nothing any more: what they would detach has gone. */
const DETACHING = new Set([...EMITTER_DETACH, EMITTER_DETACH_ALL, TARGET_DETACH]);

/** A listener that will never hear anything is not attached in silence. */
function mustBeUsable({ session, released }: Reference): void {
  if (session.ended) throw disconnected(`${session.label} is not connected any more`);
  if (released) throw new DynobotError('ERR_DYNOBOT_RELEASED', 'the reference was released');
}

function check(name: string, args: unknown[]): unknown[] {
  if (EMITTER_ATTACH.has(name) || EMITTER_DETACH.has(name)) {
    if (typeof args[1] !== 'function') throw notAFunction(args[1]);
  } else if (name === TARGET_ATTACH || name === TARGET_DETACH) {
    return [args[0], handlerFunction(args[1]), ...args.slice(2)];
  }
  return args;
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

/** Attaches, and returns at once what detaches, in all the forms that libraries return. */
function subscribe(reference: Reference, name: string, args: unknown[]): object {
  const { session } = reference;
  const attached = session.call(reference, OPERATION.method, name, args);
  session.listens(args);
  let detach: unknown;
  const isAttached = attached.then((answer) => (detach = answer), (error: unknown) => session.refused(`${name}()`, error));
  const end = (): void => void endSubscription(session, name, detach);
  // In order with the calls around it, once the subscription has been answered; until then, as soon as it is.
  const unsubscribe = (): void => (detach === undefined ? void isAttached.then(end) : end());
  return Object.assign(unsubscribe, { unsubscribe, dispose: unsubscribe, close: unsubscribe, [Symbol.dispose]: unsubscribe });
}

function endSubscription(session: Session, name: string, detach: unknown): void {
  const failed = (error: unknown): void => session.refused(`the unsubscriber of ${name}()`, error);
  if (typeof detach === 'function') Promise.resolve((detach as () => unknown)()).catch(failed);
  else if (detach !== undefined) failed(new DynobotError('ERR_DYNOBOT_ARGUMENT', `${name} did not return an unsubscriber`));
}
