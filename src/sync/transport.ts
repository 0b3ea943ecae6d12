import type { Transport } from '../transports/transport.js';

/** A transport whose frames can be waited for. */
export interface BlockingTransport extends Transport {
  /** Told when the event loop has handed in frames. */
  came: (() => void) | undefined;
  /** Hands in the frames that are there, or stands still until some come, or the end. False: nothing did within `ms`. */
  take(ms: number): boolean;
}
