import { mustBeListener } from './attachment.js';
import type { Ledger } from './ledger.js';

/** What of an emitter is used here. */
interface Emitter {
  on(event: unknown, listener: unknown, ...context: unknown[]): unknown;
  prependListener(event: unknown, listener: unknown, ...context: unknown[]): unknown;
  removeListener(event: unknown, listener: unknown): unknown;
}

/** `context` is what eventemitter3 calls listeners on. */
export function attachToEmitter(ledger: Ledger, target: object, how: { once: boolean; prepend: boolean }, [event, listener, ...context]: unknown[]): unknown {
  return ledger.attach({
    target,
    event,
    listener: mustBeListener(listener),
    once: how.once,
    attach: (wrapper) => (target as Emitter)[how.prepend ? 'prependListener' : 'on'](event, wrapper, ...context),
    detach: (from, wrapper) => void (from as Emitter).removeListener(event, wrapper),
  });
}
