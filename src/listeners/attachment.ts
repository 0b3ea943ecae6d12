import type { WeakHold } from '../platform.js';
import { referenceOf } from '../proxies/reference.js';
import { OPERATION } from '../wire.js';

export type Listener = (this: unknown, ...args: unknown[]) => unknown;

/** One thing that a session has attached to an object of ours. It keeps neither the object nor the listener alive. */
export interface Attachment {
  readonly target: WeakHold<object>;
  /** The event, or the name of the attaching method. */
  readonly event: unknown;
  readonly once: boolean;
  readonly capture: boolean;
  /** What is attached in the listener's stead. */
  wrapper: WeakHold<Listener>;
  /** Detaches from the object, if it is still there. */
  detach(target: object): void;
}

/**
 * What is attached for a listener of another process: it sends the event and waits for nothing. `listener` is how Node's
 * emitters know the original by its wrapper. A listener of our own that came home is attached as it is.
 */
export function wrapListener(listener: Listener): Listener {
  const reference = referenceOf(listener);
  if (reference === undefined) return listener;
  const { session } = reference;
  return Object.assign(
    function (this: unknown, ...args: unknown[]): void {
      session.cast(reference, OPERATION.apply, 0, args, this);
    },
    { listener },
  );
}
