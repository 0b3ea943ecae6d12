import { Carried } from './carrier.js';
import type { Kind } from './kind.js';

interface Watch {
  /** Calls back once, when the signal is aborted. */
  aborted(callback: (reason: unknown) => void): unknown;
}

const signals = new Carried<AbortSignal, Watch>();

export const abortSignal: Kind<AbortSignal, [watch: Watch, aborted: boolean, reason: unknown]> = {
  tag: 'AbortSignal',
  is: (value) => value instanceof AbortSignal,
  head: (signal) => [signals.carrier(signal, () => watch(signal)), signal.aborted, signal.aborted ? signal.reason : undefined],
  create: ([carrier, aborted, reason]) =>
    signals.value(carrier, () => {
      const controller = new AbortController();
      if (aborted) controller.abort(reason);
      else carrier.aborted((why) => controller.abort(why));
      return controller.signal;
    }),
};

function watch(signal: AbortSignal): Watch {
  return {
    aborted: (callback) => {
      if (signal.aborted) callback(signal.reason);
      else signal.addEventListener('abort', () => callback(signal.reason), { once: true });
    },
  };
}
