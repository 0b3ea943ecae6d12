/**
 * One unit of a session's traffic: a string for messages, bytes for an attachment that a later string refers to.
 * A transport keeps the two kinds apart and knows nothing of their meaning.
 */
export type Frame = string | Uint8Array;

/** A transport may keep still about a queue that never got as long as this. */
export const HIGH_WATER = 64 * 1024;

/** What a transport tells the session that uses it. */
export interface TransportReceiver {
  /** One frame, whole, in the order in which it was sent. Bytes belong to the receiver from here on. */
  frame(frame: Frame): void;
  /** What was queued has gone out: `buffered`, which had reached at least HIGH_WATER, is small again. */
  drained(): void;
  /** No frame will come any more. Told exactly once, after the last frame; with an error if it was not an orderly end. */
  closed(error?: Error): void;
}

/**
 * Carries the frames of one session: ordered, reliable, both ways. Anything that can do that can be a transport; the
 * suite in test/transports/conformance.ts says what must hold.
 *
 * @example
 * const bot = await host({ irc });
 * bot.attach(myTransport);                    // the hosting end
 * const connection = await connect(other);    // the using end
 */
export interface Transport {
  /** What it is, for people: `unix:/run/user/0/dynobot/bot.sock`, `ipc:4711`. */
  readonly name: string;
  /** Whether nobody but processes of this user can be at the other end. If it is not said: no. */
  readonly isPrivate?: boolean;
  /** Bytes (of text: UTF-16 units) that were sent here and are not yet taken by the system or the other side. */
  readonly buffered: number;
  /** Starts delivery. Called once; what arrives earlier waits. Never calls the receiver before it has returned. */
  open(receiver: TransportReceiver): void;
  /**
   * Queues one frame. Never throws: a failure is told by `closed`. The caller does not change the bytes afterwards, unless
   * `sent` is called: then neither the transport nor the other side has them any more. It need not be.
   */
  send(frame: Frame, sent?: (bytes: Uint8Array) => void): void;
  /** Sends what is queued, then ends; `closed` follows. Frames that arrive meanwhile are dropped. More than once is fine. */
  close(): void;
  /** Ends at once, without sending what is queued. `closed` follows, with `error` if one is given. */
  destroy(error?: Error): void;
  /** Whether the open transport keeps its process alive, as for a socket. It does until `unref`. */
  ref(): void;
  unref(): void;
}
