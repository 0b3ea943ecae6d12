import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { disconnected } from '../errors.js';
import { latest } from '../latest.js';
import { binaryHeader, FrameDecoder } from './frames.js';
import { Inbox } from './inbox.js';
import type { Frame, Transport, TransportReceiver } from './transport.js';

/** How long a closed end waits for the other side to end too, once everything has gone out. */
const LINGER_MS = 2_000;

export interface StreamOptions {
  /** The most bytes that one frame of the peer may take (MAX_FRAME_BYTES). */
  readonly maxFrameBytes?: number | undefined;
}

export interface SocketOptions extends StreamOptions {
  /** What the transport is called in messages. */
  readonly name?: string;
  readonly isPrivate?: boolean;
}

const lineOf = latest((frame) => `${frame}\n`);

/** Milliseconds for which what came is handled in one turn of the event loop. */
const TURN_MS = 20;

/** From this length on, text is turned into bytes at once. */
const LONG = 16 * 1024;

/** Frames over any stream of bytes: a unix or TCP socket, TLS, the stdio of a process behind ssh. Owns the stream. */
export class SocketTransport implements Transport {
  readonly name: string;
  readonly isPrivate: boolean;
  readonly #stream: Duplex;
  /** What was written is with the system then. Other streams may hand on what they are given. */
  readonly #isOfSystem: boolean;
  readonly #inbox = new Inbox();
  readonly #decoder: FrameDecoder;
  #corked = false;
  #ending = false;
  #over = false;
  #linger: NodeJS.Timeout | undefined;

  constructor(stream: Duplex, options: SocketOptions = {}) {
    this.name = options.name ?? 'socket';
    this.isPrivate = options.isPrivate === true;
    this.#stream = stream;
    this.#isOfSystem = Object.getPrototypeOf(stream) === Socket.prototype;
    this.#decoder = new FrameDecoder(this.#inbox, (error) => this.destroy(error), options.maxFrameBytes);
    if (stream instanceof Socket) stream.setNoDelay(true);
    this.#listen();
  }

  get buffered(): number {
    return this.#over ? 0 : this.#stream.writableLength;
  }

  open(receiver: TransportReceiver): void {
    this.#inbox.open(receiver);
    // Only now does the stream flow: what came earlier has waited in it, or in the system.
    this.#stream.on('data', (chunk: Uint8Array) => this.#take(chunk));
    // Who has looked at the beginning, to know who is there, has paused it.
    this.#stream.resume();
  }

  /**
   * What came is handled as long as that does not take long. Then the others have their turn of the event loop, timers too: a
   * receiver that works long for each frame would hear of nothing else as long as there are more, nor beat. Returns whether all
   * of it was handled, and there is time for more.
   */
  #take(chunk: Uint8Array): boolean {
    if (this.#ending) return true;
    const until = performance.now() + TURN_MS;
    const rest = this.#decoder.push(chunk, until);
    if (rest === undefined && performance.now() < until) return true;
    this.#stream.pause();
    setImmediate(() => this.#goOn(rest));
    return false;
  }

  /** Of this side's end on, what still comes is read and dropped. */
  #goOn(rest: Uint8Array | undefined): void {
    if (!this.#over && (rest === undefined || this.#take(rest))) this.#stream.resume();
  }

  send(frame: Frame, sent?: (bytes: Uint8Array) => void): void {
    if (this.#ending || this.#over) return;
    if (typeof frame === 'string') this.#sendText(lineOf(frame));
    else this.#sendBytes(frame, sent);
  }

  close(): void {
    if (this.#ending || this.#over) return;
    this.#ending = true;
    this.#inbox.deafen();
    this.#stream.end(() => this.#lingerOn());
    // To close a socket that holds unread data would reset it, and with it lose what we have just sent. So read on.
    this.#stream.resume();
  }

  destroy(error?: Error): void {
    this.#ending = true;
    this.#inbox.deafen();
    this.#finish(error);
  }

  ref(): void {
    if (this.#stream instanceof Socket) this.#stream.ref();
  }

  unref(): void {
    if (this.#stream instanceof Socket) this.#stream.unref();
  }

  #listen(): void {
    const stream = this.#stream;
    stream.on('drain', () => this.#inbox.drained());
    stream.on('end', () => this.#finish(this.#cutOff()));
    stream.on('error', (error: Error) => this.#finish(stream.writableFinished ? undefined : error));
    stream.on('close', () => this.#finish(this.#cutOff()));
    if (stream.destroyed || stream.readableEnded) this.#finish(stream.errored ?? undefined);
  }

  /** Text that has to wait would wait as thousands of pieces for the garbage collector to visit: it waits as bytes. */
  #sendText(text: string): void {
    if (text.length < LONG && this.#stream.writableLength === 0) this.#stream.write(text, 'utf8');
    else this.#stream.write(Buffer.from(text, 'utf8'));
  }

  /** The header, the bytes and the text that follows in this tick leave in one writev, and none of them is copied. */
  #sendBytes(bytes: Uint8Array, sent?: (bytes: Uint8Array) => void): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    this.#stream.write(binaryHeader(bytes.length));
    if (bytes.length === 0) return;
    // After a failure the system may still read them.
    if (sent !== undefined && this.#isOfSystem) this.#stream.write(bytes, (error) => error ?? sent(bytes));
    else this.#stream.write(bytes);
  }

  #cutOff(): Error | undefined {
    if (this.#ending || !this.#decoder.partial) return undefined;
    return disconnected(`${this.name} ended in the middle of a frame`);
  }

  #lingerOn(): void {
    if (!this.#over) this.#linger = setTimeout(() => this.#finish(), LINGER_MS).unref();
  }

  /** The other side sends nothing more, so nothing that we could still send would be read: the stream goes, too. */
  #finish(error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#linger);
    this.#inbox.closed(error);
    this.#stream.destroy();
  }
}
