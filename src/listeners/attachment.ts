import type { Pace, WeakHold } from '../platform.js';
import { referenceOf, type Reference } from '../proxies/reference.js';
import { OPERATION } from '../wire.js';
import type { Newcomers } from './newcomers.js';

export type Listener = (this: unknown, ...args: unknown[]) => unknown;

/** Attachments of a session to one event of one object that can be detached at one go. */
export interface Together {
  detachAll(target: object): void;
}

/** One thing that a session has attached to an object of ours. It keeps neither the object nor the listener alive. */
export interface Attachment {
  readonly target: WeakHold<object>;
  /** The event, or the name of the attaching method. */
  readonly event: unknown;
  readonly once: boolean;
  readonly capture: boolean;
  /** As the peer sent it. */
  readonly listener: WeakHold<Listener>;
  /** What is attached in the listener's stead. */
  wrapper: WeakHold<Listener>;
  isAttached: boolean;
  readonly together: Together | undefined;
  /** What the listener is called on, if that is not the target. */
  readonly context: { deref(): unknown } | undefined;
  /** May be still at it when it returns a promise. */
  detach(target: object, wrapper: Listener): unknown;
}

/**
 * What is attached for a listener of another process: it sends the event and waits for nothing. `listener` is how Node's
 * emitters know the original by its wrapper. A listener of our own that came home has one, too: attached as it is, it could
 * not be told from what others have attached.
 */
export function wrapListener(listener: Listener, newcomers: Newcomers, failed: (error: unknown) => void, pace?: Pace): Listener {
  return Object.assign(sending(listener, newcomers, failed, pace), { listener });
}

const originals = new WeakMap<object, Listener>();

/** Makes `wrapper` be `listener` wherever it crosses: what is attached is what the emitter's own methods show. */
export function crossesAs(wrapper: Listener, listener: Listener): Listener {
  originals.set(wrapper, listener);
  return wrapper;
}

/** The listener that a wrapper is attached for, if `value` is one that crosses as that. */
export function originalOf(value: object | symbol): Listener | undefined {
  return typeof value === 'function' ? originals.get(value) : undefined;
}

function sending(listener: Listener, newcomers: Newcomers, failed: (error: unknown) => void, pace: Pace | undefined): Listener {
  const reference = referenceOf(listener);
  if (reference === undefined) {
    return function (...args) {
      // A client has attached it: what it throws is not for who emits either.
      try {
        const result = listener.apply(this, args);
        if (result instanceof Promise) result.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
  }
  if (pace === undefined) {
    return function (...args) {
      const result = send(reference, args, this, newcomers);
      return result === UNSENT ? undefined : result;
    };
  }
  return function (...args) {
    pace(() => send(reference, args, this, newcomers) !== UNSENT && !reference.session.ended, args);
  };
}

const UNSENT = Symbol('unsent');

function send(listener: Reference, args: unknown[], receiver: unknown, newcomers: Newcomers): unknown {
  const { session } = listener;
  try {
    const brought = newcomers.among(args);
    if (brought !== undefined) newcomers.hold(brought, session.notify(listener, args, receiver));
    // In the course of its own call, the listener's process is waited for: its answer is the result.
    else return session.cast(listener, OPERATION.apply, 0, args, receiver);
  } catch (error) {
    // It is not for who emits, nor for the listeners after this one, that an event cannot cross.
    session.refused('an event', error);
    return UNSENT;
  }
  return undefined;
}

export function mustBeListener(listener: unknown): Listener {
  if (typeof listener === 'function') return listener as Listener;
  throw Object.assign(new TypeError('The "listener" argument must be of type function'), { code: 'ERR_INVALID_ARG_TYPE' });
}
