import { mustBeListener } from './attachment.js';
import type { Ledger } from './ledger.js';

export function attachToTarget(ledger: Ledger, target: object, [type, listener, options]: unknown[]): unknown {
  if (listener === null || listener === undefined) return undefined;
  const capture = isCapture(options);
  // An EventTarget takes the same listener only once; it would not know the second wrapper for the first.
  if (ledger.find(target, type, listener, capture) !== undefined) return undefined;
  return ledger.attach({
    target,
    event: type,
    listener: mustBeListener(listener),
    once: typeof options === 'object' && options !== null && Reflect.get(options, 'once') === true,
    capture,
    attach: (wrapper) => (target as EventTarget).addEventListener(type as string, wrapper, options as Parameters<EventTarget['addEventListener']>[2]),
    detach: (from, wrapper) => (from as EventTarget).removeEventListener(type as string, wrapper, { capture }),
  });
}

export function isCapture(options: unknown): boolean {
  return typeof options === 'object' && options !== null ? Reflect.get(options, 'capture') === true : options === true;
}
