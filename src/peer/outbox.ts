import type { Transport } from '../transports/transport.js';
import type { Releases } from './releases.js';

/** From this length on a frame goes out at once, so that the other side can begin. */
const FULL = 32 * 1024;

/** Gathers the messages of one turn of the event loop into one frame. Releases go last: what refers to a value precedes them. */
export class Outbox {
  #text = '';
  /** Bytes of attachments that wait, over there, for the text that refers to them. */
  #attached = 0;
  #deferred = false;
  #closed = false;

  constructor(
    private readonly transport: Transport,
    private readonly releases: Releases,
    private readonly defer: (flush: () => void) => void,
  ) {}

  get closed(): boolean {
    return this.#closed;
  }

  push(message: string, attachments: readonly Uint8Array[]): void {
    if (this.#closed) return;
    // What was gathered before does not make a long message's frame still longer, nor its attachments more.
    let size = message.length;
    for (const { byteLength } of attachments) size += byteLength;
    if (this.#text.length + this.#attached + size > FULL) this.flush();
    // Attachments precede the frame of the messages that refer to them, in the messages' order.
    for (const bytes of attachments) {
      this.transport.send(bytes);
      this.#attached += bytes.byteLength;
    }
    this.#text += this.#text === '' ? '[' + message : ',' + message;
    if (this.#text.length + this.#attached >= FULL) this.flush();
    else this.schedule();
  }

  /** There is something to send at the end of this turn. */
  schedule(): void {
    if (this.#deferred || this.#closed) return;
    this.#deferred = true;
    this.defer(this.#flushDeferred);
  }

  readonly #flushDeferred = (): void => {
    this.#deferred = false;
    this.flush();
  };

  flush(): void {
    if (this.#closed) return;
    const released = this.releases.take();
    if (released !== undefined) this.#text += (this.#text === '' ? '[' : ',') + JSON.stringify(released);
    if (this.#text === '') return;
    const frame = this.#text + ']';
    this.#text = '';
    this.#attached = 0;
    this.transport.send(frame);
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true;
    this.#text = '';
  }
}
