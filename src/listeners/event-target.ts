import { isCapture, optionOf, optionsIn } from '../proxies/listening-styles.js';
import { mustBeListener, type Listener } from './attachment.js';
import type { Ledger } from './ledger.js';

export function attachToTarget(ledger: Ledger, target: object, [event, listener, options]: unknown[]): unknown {
  if (listener === null || listener === undefined) return undefined;
  const type = typeOf(event);
  const capture = isCapture(options);
  // An EventTarget takes the same listener only once; it would not know the second wrapper for the first.
  if (ledger.find(target, type, listener, capture) !== undefined) return undefined;
  const signal = signalOf(options);
  if (signal?.aborted === true) return undefined;
  ledger.attach({
    target,
    event: type,
    listener: mustBeListener(listener),
    once: optionOf(options, 'once') === true,
    capture,
    attach: (wrapper) => (target as EventTarget).addEventListener(type, wrapper, optionsIn(options) as Parameters<EventTarget['addEventListener']>[2]),
    detach: removal(type, capture),
    shared: { key: `target ${capture}`, attach: (wrapper) => (target as EventTarget).addEventListener(type, wrapper, { capture }) },
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
  const signal = optionOf(options, 'signal');
  return signal instanceof AbortSignal ? signal : undefined;
}

/** An event's type as the target has it, which takes 1 for '1'. An object is not asked what it is as text: it came from a peer. */
export function typeOf(event: unknown): string {
  if ((typeof event === 'object' && event !== null) || typeof event === 'function' || typeof event === 'symbol') {
    throw Object.assign(new TypeError('The type of an event must be a text'), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  return String(event);
}
