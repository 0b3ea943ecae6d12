import { mustBeListener } from './attachment.js';
import type { Ledger } from './ledger.js';

export function attachToTarget(ledger: Ledger, target: object, [type, listener, options]: unknown[]): unknown {
  if (listener === null || listener === undefined) return undefined;
  const capture = isCapture(options);
  // An EventTarget takes the same listener only once; it would not know the second wrapper for the first.
  if (ledger.find(target, type, listener, capture) !== undefined) return undefined;
  const signal = signalOf(options);
  if (signal?.aborted === true) return undefined;
  ledger.attach({
    target,
    event: type,
    listener: mustBeListener(listener),
    once: typeof options === 'object' && options !== null && Reflect.get(options, 'once') === true,
    capture,
    attach: (wrapper) => (target as EventTarget).addEventListener(type as string, wrapper, options as Parameters<EventTarget['addEventListener']>[2]),
    detach: (from, wrapper) => (from as EventTarget).removeEventListener(type as string, wrapper, { capture }),
  });
  const attachment = ledger.find(target, type, listener, capture);
  // The target removes the listener by itself, but the ledger has to know of it.
  if (attachment !== undefined) signal?.addEventListener('abort', () => ledger.detach(attachment), { once: true });
  return undefined;
}

function signalOf(options: unknown): AbortSignal | undefined {
  const signal: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'signal') : undefined;
  return signal instanceof AbortSignal ? signal : undefined;
}

export function isCapture(options: unknown): boolean {
  return typeof options === 'object' && options !== null ? Reflect.get(options, 'capture') === true : options === true;
}
