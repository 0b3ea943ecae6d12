import type { Frame } from './transport.js';

/**
 * What dynobot posts on a channel that other code may use, too: an object whose `dynobot` says which kind it is.
 * Everything else on the channel is somebody else's.
 */
export type Envelope =
  /** There is an end of a session here now. Answered with the same: what was posted before may have found nobody. */
  | { readonly dynobot: 'here' }
  | { readonly dynobot: 'frame'; readonly frame: Frame }
  /** So much of what you sent has reached my receiver, in the units of `buffered`. */
  | { readonly dynobot: 'taken'; readonly units: number }
  /** To be rung whenever something is posted to who stands still: shared memory, so between threads only. */
  | { readonly dynobot: 'bell'; readonly bell: Int32Array }
  /** The session is over. Answered with the same, so that each side knows when the channel is free for another one. */
  | { readonly dynobot: 'end' };

/** The envelope in a message; undefined if it is none, or a broken one. */
export function envelopeIn(message: unknown): Envelope | undefined {
  if (typeof message !== 'object' || message === null || !('dynobot' in message)) return undefined;
  const { dynobot } = message;
  if (dynobot === 'frame' && 'frame' in message) return frameIn(message.frame);
  if (dynobot === 'taken' && 'units' in message) return takenIn(message.units);
  if (dynobot === 'bell' && 'bell' in message) return bellIn(message.bell);
  return dynobot === 'here' || dynobot === 'end' ? { dynobot } : undefined;
}

function frameIn(frame: unknown): Envelope | undefined {
  return typeof frame === 'string' || frame instanceof Uint8Array ? { dynobot: 'frame', frame } : undefined;
}

function bellIn(bell: unknown): Envelope | undefined {
  return bell instanceof Int32Array && bell.buffer instanceof SharedArrayBuffer && bell.length > 0 ? { dynobot: 'bell', bell } : undefined;
}

function takenIn(units: unknown): Envelope | undefined {
  return typeof units === 'number' && units >= 0 ? { dynobot: 'taken', units } : undefined;
}
