import type { Frame, TransportReceiver } from './transport.js';

/**
 * What stands between a transport and its receiver, so that every transport keeps the same promises: what comes before
 * `open` waits, `closed` is told once and last, and the receiver is never called from inside its own call to
 * `open`, `send`, `close` or `destroy`.
 */
export class Inbox {
  #receiver: TransportReceiver | undefined;
  #waiting: Frame[] = [];
  #deaf = false;
  #end: { error: Error | undefined } | undefined;
  #flushed = false;

  /** @param soon runs a task after the code that runs now */
  constructor(private readonly soon: (task: () => void) => void = queueMicrotask) {}

  open(receiver: TransportReceiver): void {
    if (this.#receiver !== undefined) throw new Error('A transport is opened once');
    this.#receiver = receiver;
    this.soon(() => this.#flush(receiver));
  }

  frame(frame: Frame): void {
    if (this.#deaf) return;
    if (this.#flushed) this.#receiver?.frame(frame);
    else this.#waiting.push(frame);
  }

  drained(): void {
    if (this.#flushed && !this.#deaf) this.#receiver?.drained();
  }

  /** This side has ended: what arrives from here on, or waits, is dropped. */
  deafen(): void {
    this.#deaf = true;
    this.#waiting = [];
  }

  /** No frame will come any more. The first reason given is the one that the receiver is told. */
  closed(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    if (this.#flushed) this.soon(() => this.#tellEnd());
  }

  #flush(receiver: TransportReceiver): void {
    // What a receiver's answer brings in meanwhile is appended, and so stays behind what came before.
    for (const frame of this.#waiting) {
      if (this.#deaf) break;
      receiver.frame(frame);
    }
    this.#waiting = [];
    this.#flushed = true;
    if (this.#end !== undefined) this.#tellEnd();
  }

  #tellEnd(): void {
    this.#deaf = true;
    this.#receiver?.closed(this.#end?.error);
  }
}
