import { mustBeListener, type Listener } from './attachment.js';
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
    detach: removal(type as string, capture),
  });
  const attachment = ledger.find(target, type, listener, capture);
  // The target removes the listener by itself, but the ledger has to know of it.
  if (attachment !== undefined) signal?.addEventListener('abort', () => ledger.detach(attachment), { once: true });
  return undefined;
}

/** Made apart from what attaches: closures of one scope share what they hold, and this one outlives the target. */
function removal(type: string, capture: boolean): (from: object, wrapper: Listener) => void {
  return (from, wrapper) => (from as EventTarget).removeEventListener(type, wrapper, { capture });
}

function signalOf(options: unknown): AbortSignal | undefined {
  const signal: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'signal') : undefined;
  return signal instanceof AbortSignal ? signal : undefined;
}

export function isCapture(options: unknown): boolean {
  return typeof options === 'object' && options !== null ? Reflect.get(options, 'capture') === true : options === true;
}
