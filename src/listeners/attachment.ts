import type { WeakHold } from '../platform.js';
import { referenceOf } from '../proxies/reference.js';
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
  readonly capture: boolean;
  /** As the peer sent it. */
  readonly listener: WeakHold<Listener>;
  /** What is attached in the listener's stead. */
  wrapper: WeakHold<Listener>;
  isAttached: boolean;
  readonly together: Together | undefined;
  /** May be still at it when it returns a promise. */
  detach(target: object, wrapper: Listener): unknown;
}

/**
 * What is attached for a listener of another process: it sends the event and waits for nothing. `listener` is how Node's
 * emitters know the original by its wrapper. A listener of our own that came home has one, too: attached as it is, it could
 * not be told from what others have attached.
 */
export function wrapListener(listener: Listener, newcomers: Newcomers, failed: (error: unknown) => void): Listener {
  return Object.assign(sending(listener, newcomers, failed), { listener });
}

function sending(listener: Listener, newcomers: Newcomers, failed: (error: unknown) => void): Listener {
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
  const { session } = reference;
  return function (...args) {
    try {
      const brought = newcomers.among(args);
      if (brought !== undefined) newcomers.hold(brought, session.notify(reference, args, this));
      else session.cast(reference, OPERATION.apply, 0, args, this);
    } catch (error) {
      // It is not for who emits, nor for the listeners after this one, that an event cannot cross.
      session.refused('an event', error);
    }
  };
}

export function mustBeListener(listener: unknown): Listener {
  if (typeof listener === 'function') return listener as Listener;
  throw Object.assign(new TypeError('The "listener" argument must be of type function'), { code: 'ERR_INVALID_ARG_TYPE' });
}
