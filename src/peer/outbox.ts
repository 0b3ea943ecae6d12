import { latest } from '../latest.js';
import type { Transport } from '../transports/transport.js';
import { giveBack } from '../values/copies.js';
import { forgetLatest } from '../values/flat.js';
import { forgetArguments } from './latest-arguments.js';
import { ATTACHMENT } from './inbox.js';
import { Releases } from './releases.js';
import { SlowReader, type SlowReaderOptions } from './slow-reader.js';

const NONE: readonly Uint8Array[] = [];

/**
 * From this length on, in characters, a frame goes out at once, so that the other side can begin. As bytes it is shorter than
 * GATHERED, so that no limit of the other side's is in the way.
 */
export const FULL = 16_000;

const frameOf = latest((message) => `[${message}]`);

/** A message that grows until something else is said, or the turn is over. */
export interface Unfinished {
  /** Pushes what it has come to. */
  finish(): void;
}

/**
 * Gathers the messages of one turn of the event loop into one frame. Releases go last, when all that waits has gone: what
 * refers to a value precedes them, also a message that is still being made, or is held for a slow reader.
 */
export class Outbox {
  /** Another one with each message. */
  place = 0;
  #unfinished: Unfinished | undefined;
  /** The turn is over: nothing of it is kept alive. */
  turned: () => void = () => {};
  /** The messages so far, between commas. */
  #text = '';
  /** What the attachments count for that wait, over there, for the text that refers to them. */
  #attached = 0;
  #deferred = false;
  #closed = false;
  /** Something was sent since it was last asked. */
  #sent = false;
  /** Those who wait until nothing is held. */
  #emptied: (() => void)[] = [];
  readonly #releases = new Releases();
  /** There are some. */
  #releasing = false;
  readonly #slow: SlowReader;

  constructor(
    private readonly transport: Transport,
    private readonly defer: (flush: () => void) => void,
    slowReader: SlowReaderOptions,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#slow = new SlowReader(transport, slowReader);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether messages wait here, and an event that can be dropped must come with a way to take it back. */
  get holds(): boolean {
    return this.#slow.holds;
  }

  /** Events that were dropped, because the other side reads too slowly. */
  get dropped(): number {
    return this.#slow.dropped;
  }

  hasSent(): boolean {
    const sent = this.#sent;
    this.#sent = false;
    return sent;
  }

  /** That message is pushed before anything else is. */
  begin(message: Unfinished): void {
    this.finish();
    this.#unfinished = message;
    this.schedule();
  }

  finish(): void {
    const message = this.#unfinished;
    if (message === undefined) return;
    this.#unfinished = undefined;
    message.finish();
  }

  /** `takeBack`: the message may be dropped, and this undoes what it says. */
  push(message: string, attachments: readonly Uint8Array[], takeBack?: () => void): void {
    this.finish();
    if (this.#closed) return;
    this.place++;
    if (this.#slow.holds) return this.#slow.hold({ message, attachments, takeBack });
    // What was gathered before does not make a long message's frame still longer, nor its attachments more.
    let size = message.length;
    for (const { byteLength } of attachments) size += byteLength + ATTACHMENT;
    if (this.#text.length + this.#attached + size > FULL) this.flushText();
    // Attachments precede the frame of the messages that refer to them, in the messages' order.
    for (const bytes of attachments) {
      this.#send(bytes);
      this.#attached += bytes.byteLength + ATTACHMENT;
    }
    this.#text = this.#text === '' ? message : `${this.#text},${message}`;
    if (this.#text.length + this.#attached >= FULL) this.flushText();
    // Also if nothing is left to send: what is remembered for this turn is forgotten then.
    this.schedule();
  }

  /** Gives receipts back, at the end of this turn. */
  release(id: number, receipts: number): void {
    this.#releases.add(id, receipts);
    this.#releasing = true;
    this.schedule();
  }

  /** There is something to send at the end of this turn. */
  schedule(): void {
    if (this.#deferred || this.#closed) return;
    this.#deferred = true;
    this.defer(this.#flushDeferred);
  }

  readonly #flushDeferred = (): void => {
    this.#deferred = false;
    forgetLatest();
    forgetArguments();
    this.flush();
    this.turned();
  };

  flush(): void {
    this.finish();
    if (this.#closed || this.#slow.holds) return;
    if (this.#releasing) this.#takeReleases();
    this.flushText();
  }

  #takeReleases(): void {
    for (let released = this.#releases.take(); released !== undefined; released = this.#releases.take()) {
      this.#text += (this.#text === '' ? '' : ',') + JSON.stringify(released);
      if (this.#text.length >= FULL) this.flushText();
      // The transport has had enough, or has failed.
      if (this.#closed || this.#slow.holds) return;
    }
    this.#releasing = false;
  }

  /** All but the releases. */
  flushText(): void {
    if (this.#text === '' || this.#closed || this.#slow.holds) return;
    const frame = frameOf(this.#text);
    this.#text = '';
    this.#attached = 0;
    this.#send(frame);
    this.#slow.sent();
  }

  /** The transport has room again. */
  drained(): void {
    this.finish();
    if (this.#closed || !this.#slow.drained()) return;
    this.#sendHeld();
    if (this.#closed || this.#slow.holds) return;
    const emptied = this.#emptied;
    this.#emptied = [];
    for (const tell of emptied) tell();
  }

  #sendHeld(): void {
    for (let next = this.#slow.next(); next !== undefined; next = this.#slow.next()) this.push(next.message, next.attachments);
    this.flush();
  }

  /** Resolves once nothing is held for a slow reader; never, if it is closed before. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#slow.holds) this.#emptied.push(resolve);
      else resolve();
    });
  }

  /** Sends all that waits, and `message` last: nothing follows, and no reader is waited for. */
  conclude(message: string): void {
    // In its place, which is behind what is held.
    this.finish();
    this.#slow.letGo();
    this.#sendHeld();
    this.push(message, NONE);
    this.flush();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true;
    this.#text = '';
    this.#slow.end();
  }

  /** A transport of the user's own may throw, although it must not. */
  #send(frame: string | Uint8Array): void {
    this.#sent = true;
    if (!this.#slow.mayTake(frame.length)) return;
    try {
      this.transport.send(frame, giveBack);
    } catch (error) {
      this.failed(error);
    }
  }
}
