import type { IncomingMessage } from 'node:http';
import type { Incoming } from './internals.js';
import type { Gateway } from './gateway.js';
import { packChunk } from './pieces.js';
import { WINDOW } from './window.js';

/** A body that is at most so long, and that has come with its head, goes with it. */
const SHORT = 64 * 1024;

/** How a body is handed over: how much of it goes with the head. */
export interface BodyHead {
  isComplete: boolean;
  chunks: readonly (string | Buffer)[] | 0;
  trailers: readonly string[];
}

const NOTHING: BodyHead = { isComplete: true, chunks: 0, trailers: [] };
const LATER: BodyHead = { isComplete: false, chunks: 0, trailers: [] };

/** The body of one request, on its way to all sessions that have the request. It is read as fast as the fastest of them reads. */
export class Body {
  /** What each has been sent and has not read yet. */
  readonly #unread = new Map<Gateway, number>();
  #whole: BodyHead | undefined;
  #flows = false;

  constructor(
    private readonly id: number,
    private readonly req: IncomingMessage,
    private readonly done: () => void,
  ) {}

  /** Nothing of it is still to come. */
  get isDone(): boolean {
    return !this.#flows || this.req.closed;
  }

  /** Another session gets it. */
  join(gateway: Gateway): BodyHead {
    if (!this.#flows) this.#whole ??= this.#atOnce();
    if (this.#whole !== undefined) return this.#whole;
    this.#unread.set(gateway, 0);
    this.#flow();
    return LATER;
  }

  leave(gateway: Gateway): void {
    if (this.#unread.delete(gateway)) this.#goOn();
  }

  /** A session has read so much of it. */
  read(gateway: Gateway, size: number): void {
    const unread = this.#unread.get(gateway);
    if (unread === undefined) return;
    this.#unread.set(gateway, Math.max(0, unread - size));
    this.#goOn();
  }

  /** All of it, if it is here already and short. */
  #atOnce(): BodyHead | undefined {
    const { req } = this;
    // Beneath an upgrade there is no body, and to read one would be to read the socket.
    if ((req as Incoming).upgrade || req.readableEnded || req.destroyed || (req.complete && req.readableLength === 0)) {
      return req.rawTrailers.length === 0 ? NOTHING : { ...NOTHING, trailers: req.rawTrailers };
    }
    if (!req.complete || req.readableLength > SHORT || req.readableFlowing !== null) return undefined;
    return { isComplete: true, chunks: chunksOf(req).map(packChunk), trailers: req.rawTrailers };
  }

  #flow(): void {
    if (this.#flows) return;
    this.#flows = true;
    const { req, id } = this;
    req.on('data', (chunk: Buffer) => this.#send(chunk));
    req.on('end', () => this.#tellAll('end', [id, req.rawTrailers]));
    req.on('close', () => {
      if (!req.readableEnded) this.#tellAll('aborted', [id]);
      this.done();
    });
    req.on('error', () => {});
  }

  #send(chunk: Buffer): void {
    const packed = packChunk(chunk);
    for (const [gateway, unread] of this.#unread) {
      if (unread < 2 * WINDOW) {
        gateway.tell('data', [this.id, packed]);
        this.#unread.set(gateway, unread + chunk.length);
      } else {
        // Others read on, and this one leaves it unread: it does not get the rest, nor hear that it is complete.
        this.#unread.delete(gateway);
      }
    }
    if (this.#isFull()) this.req.pause();
  }

  #goOn(): void {
    if (this.#flows && this.req.isPaused() && !this.#isFull()) this.req.resume();
  }

  #isFull(): boolean {
    for (const unread of this.#unread.values()) if (unread < WINDOW) return false;
    return this.#unread.size > 0;
  }

  #tellAll(what: string, args: unknown[]): void {
    for (const gateway of this.#unread.keys()) gateway.tell(what, args);
    this.#unread.clear();
  }
}

/** What a stream has buffered, in the pieces in which it came: a flowing stream reads them one by one. */
function chunksOf(stream: IncomingMessage): Buffer[] {
  const chunks: Buffer[] = [];
  const add = (chunk: Buffer): void => void chunks.push(chunk);
  stream.on('data', add);
  while (stream.read() !== null);
  stream.off('data', add);
  return chunks;
}
