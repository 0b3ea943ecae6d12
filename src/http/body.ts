import type { IncomingMessage } from 'node:http';
import { SHORT_BODY } from './head-bounds.js';
import type { Holding } from './holding.js';
import type { Incoming } from './internals.js';
import { packChunk } from './pieces.js';
import { WINDOW } from './window.js';

/** How a body is handed over: how much of it goes with the head. */
export interface BodyHead {
  isComplete: boolean;
  chunks: readonly string[] | 0;
  trailers: readonly string[];
}

const NOTHING: BodyHead = { isComplete: true, chunks: 0, trailers: [] };
const LATER: BodyHead = { isComplete: false, chunks: 0, trailers: [] };

/** The body of one request, on its way to all sessions that have the request. It is read as fast as the fastest of them reads. */
export class Body {
  #readers: Holding[] | undefined;
  #whole: BodyHead | undefined;

  constructor(
    private readonly req: IncomingMessage,
    private readonly owner: { mayEnd(): void },
  ) {}

  /** Nothing of it is still to come. */
  get isDone(): boolean {
    return this.#readers === undefined || this.req.closed;
  }

  /** Another session gets it. */
  join(holding: Holding): BodyHead {
    if (this.#readers === undefined) this.#whole ??= this.#atOnce();
    if (this.#whole !== undefined) return this.#whole;
    if (this.#readers === undefined) this.#flow();
    if (!this.#readers!.includes(holding)) this.#readers!.push(holding);
    return LATER;
  }

  leave(holding: Holding): void {
    const at = this.#readers?.indexOf(holding) ?? -1;
    if (at < 0) return;
    this.#readers!.splice(at, 1);
    this.#goOn();
  }

  /** A session has read so much of it. */
  read(holding: Holding, size: number): void {
    holding.unread = Math.max(0, holding.unread - size);
    this.#goOn();
  }

  /** All of it, if it is here already and short. */
  #atOnce(): BodyHead | undefined {
    const { req } = this;
    // Beneath an upgrade there is no body, and to read one would be to read the socket.
    if ((req as Incoming).upgrade || req.readableEnded || req.destroyed || (req.complete && req.readableLength === 0)) {
      return req.rawTrailers.length === 0 ? NOTHING : { ...NOTHING, trailers: req.rawTrailers };
    }
    if (!req.complete || req.readableLength > SHORT_BODY || req.readableFlowing !== null) return undefined;
    return { isComplete: true, chunks: chunksOf(req).map((chunk) => chunk.toString('latin1')), trailers: req.rawTrailers };
  }

  #flow(): void {
    this.#readers = [];
    const { req } = this;
    req.on('data', (chunk: Buffer) => this.#send(chunk));
    req.on('end', () => this.#tellAll('end', req.rawTrailers));
    req.on('close', () => {
      if (!req.readableEnded) this.#tellAll('aborted');
      this.owner.mayEnd();
    });
    req.on('error', () => {});
  }

  #send(chunk: Buffer): void {
    const packed = packChunk(chunk);
    for (const reader of [...this.#readers!]) {
      if (reader.unread < 2 * WINDOW) {
        reader.tell('data', packed);
        reader.unread += chunk.length;
      } else {
        // Others read on, and this one leaves it unread: it does not get the rest, nor hear that it is complete.
        this.leave(reader);
      }
    }
    if (this.#isFull()) this.req.pause();
  }

  #goOn(): void {
    if (this.#readers !== undefined && this.req.isPaused() && !this.#isFull()) this.req.resume();
  }

  #isFull(): boolean {
    return this.#readers!.length > 0 && this.#readers!.every(({ unread }) => unread >= WINDOW);
  }

  #tellAll(what: string, ...args: unknown[]): void {
    for (const reader of this.#readers!.splice(0)) reader.tell(what, ...args);
  }
}

/** What a stream has buffered, in the pieces in which it came: a flowing stream reads them one by one. */
function chunksOf(stream: IncomingMessage): Buffer[] {
  if ((stream as Incoming)._readableState.buffer.length === 1) return [stream.read() as Buffer];
  const chunks: Buffer[] = [];
  const add = (chunk: Buffer): void => void chunks.push(chunk);
  stream.on('data', add);
  while (stream.read() !== null);
  stream.off('data', add);
  return chunks;
}
