import type { IncomingMessage } from 'node:http';
import { Arrival, type Piece } from './arrival.js';
import type { Backend } from './backend.js';
import {
  AT_ONCE, BEFORE_COMPLETE, COMPLETE, ENDED, EXPECTS_CONTINUE, HAS_CONTINUED, JOIN_DUPLICATES, KEEP_ALIVE, LAST, LAST_REQUEST, NO_DATE, REJECTS_BODIES, STARTED,
  STRICT_LENGTH, TAKEN, UPGRADE,
} from './flags.js';
import { setHeaders, type RequestRow, type ResponseRow } from './heads.js';
import { internals, type Incoming, type Outgoing } from './internals.js';
import { http } from './node-http.js';
import { unpackChunk, type Packed } from './pieces.js';
import type { StandInSocket } from './stand-in-socket.js';
import { ACKNOWLEDGED } from './window.js';

const NONE: readonly string[] = [];

/** A request and its response on the handling side: real ones, made by this process for the host's. */
export class LocalExchange {
  readonly id: number;
  readonly req: Incoming;
  /** What its session still counts for it. */
  weight = 0;
  res: Outgoing | undefined;
  #arrival: Arrival | undefined;
  #trailers: readonly string[] = NONE;
  /** The end of its body has come, though it may not have been given yet. */
  #isWhole = false;
  /** Pieces of its body that it was given. */
  given = 0;
  #unread = 0;
  #owed = 0;
  #hasStarted = false;
  /** So much had the handler written, as its socket counts, when the request was complete. */
  #atOnce = 0;
  #hasEnded = false;
  /** `finish` was told. */
  #hasFinished = false;
  /** Another process has answered, or the host has. */
  #isTaken = false;
  #isRefused = false;

  constructor(
    readonly backend: Backend,
    readonly socket: StandInSocket,
    private readonly row: RequestRow,
  ) {
    this.id = row[0];
    this.req = makeRequest(socket, row);
    socket.turns.add(this);
  }

  /** What comes with the head is there as soon as the listeners have run, as it is when Node's parser goes on. */
  receiveBody(): void {
    const { 1: flags, 9: chunks = 0, 10: trailers = 0 } = this.row;
    if (chunks !== 0) for (const chunk of chunks) this.#arrive(unpackChunk(chunk));
    if ((flags & COMPLETE) !== 0) this.end(trailers === 0 ? NONE : trailers);
  }

  // The request

  /** Whether it still gets pieces of its body: those that are here, and, if the host has all of it, those that it will ask for. */
  isArriving(isComplete: boolean): boolean {
    if (this.#arrival?.isWaiting === true) return true;
    return isComplete && this.#unread === 0 && !this.req.complete && !this.req.destroyed;
  }

  /** Bytes of the body that came in messages of their own and that the host was not told to be read. */
  get ahead(): number {
    return this.#unread + this.#owed + (this.#arrival?.size ?? 0);
  }

  data(chunk: Buffer): void {
    if (!this.#isWhole && chunk.length > 0) this.#arrive(chunk);
  }

  end(trailers: readonly string[]): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    this.#trailers = trailers;
    if (this.#arrival === undefined) this.give(null);
    else this.#arrive(null);
  }

  #arrive(piece: Piece): void {
    (this.#arrival ??= new Arrival(this)).add(piece);
  }

  /** The next piece has its turn. */
  give(piece: Piece): void {
    this.given++;
    if (piece === null) this.#complete();
    else this.#take(piece);
    this.socket.conditions.look();
  }

  #take(piece: Buffer): void {
    if (this.#push(piece)) this.#owed += piece.length;
    else this.#unread += piece.length;
    this.#acknowledge();
  }

  #complete(): void {
    const { req } = this;
    if (req.complete) return;
    req.complete = true;
    if (this.res?._headerSent === true) this.#atOnce = this.socket.turns.current === this ? this.socket.writtenUpTo : Infinity;
    if (this.#trailers.length > 0) req._addHeaderLines(this.#trailers, this.#trailers.length);
    req.push(null);
    this.#mayForget();
  }

  #push(chunk: Buffer): boolean {
    const { req } = this;
    return req.destroyed || (req as { _dumped?: boolean })._dumped === true || req.push(chunk);
  }

  /** The request has room for more. */
  wantsMore(): void {
    this.#owed += this.#unread;
    this.#unread = 0;
    this.#acknowledge();
  }

  #acknowledge(): void {
    // What came with the head is not counted.
    if (this.#owed < ACKNOWLEDGED || (this.row[1] & COMPLETE) !== 0) return;
    this.backend.tell('took', [this.id, this.#owed]);
    this.#owed = 0;
  }

  /** The connection has closed before all of it was over. */
  aborted(): void {
    const { req } = this;
    this.#arrival?.flush();
    // Of a request that is answered Node's server tells nothing any more. One that was destroyed, and then ended, is not.
    if (!req.destroyed && !this.#hasFinished) req.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    this.#forget();
  }

  // The response

  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** It was answered here, and the connection closes after it: what was sent behind it is not answered. */
  get isLast(): boolean {
    return this.#hasEnded && !this.#isTaken && this.res!._last;
  }

  /** Whether the handler has begun to answer. */
  get isAnswered(): boolean {
    return !this.#isTaken && this.res?._headerSent === true;
  }

  respond(row: ResponseRow): Outgoing {
    if (this.res !== undefined) return this.res;
    const res = (this.res = makeResponse(this.req, row));
    if ((row[1] & TAKEN) !== 0) this.#markTaken(res.statusCode);
    res.on('finish', this.backend.finished);
    this.socket.takeTurn(this);
    return res;
  }

  /** Bytes that the response has written. */
  answer(packed: Packed, isAll: boolean): void {
    const res = this.res!;
    if (this.#isTaken) return this.refused();
    let flags = this.#whenFlags();
    if (!this.#hasStarted && res._headerSent) {
      flags |= STARTED;
      this.#hasStarted = true;
    }
    if (isAll && res.writableEnded && res.writableLength === 0) flags |= this.#endFlags(res);
    const hasStarted = (flags & STARTED) !== 0;
    this.backend.tell('answer', [this.id, flags, hasStarted ? res.statusCode : 0, hasStarted ? (res.statusMessage ?? '') : 0, ...packed]);
  }

  #whenFlags(): number {
    if (!this.req.complete) return AT_ONCE | BEFORE_COMPLETE;
    return this.socket.sentUpTo < this.#atOnce ? AT_ONCE : 0;
  }

  #endFlags(res: Outgoing): number {
    this.#hasEnded = true;
    return res._last ? ENDED | LAST : ENDED;
  }

  finished(): void {
    const res = this.res!;
    this.#hasFinished = true;
    this.socket.flush();
    if (!this.#hasEnded && !this.#isTaken) this.answer([], true);
    const { req } = this;
    if (!req._consuming && !req._readableState.resumeScheduled) req._dump();
    (req as unknown as Record<symbol, (() => void) | undefined>)[internals().detachAbortSignal]?.();
    this.socket.endTurn(this);
    process.nextTick(closeResponse, res);
    this.#mayForget();
  }

  /** Another has begun to answer. */
  taken(status: number): void {
    if (!this.#hasStarted) this.#markTaken(status);
  }

  #markTaken(status: number): void {
    const res = this.res;
    this.#isTaken = true;
    if (res !== undefined && !res.headersSent) res.writeHead(status);
  }

  /** This answer came second: it gets what a second answer gets in one process. */
  refused(): void {
    this.#isTaken = true;
    this.socket.conditions.look();
    if (this.#isRefused) return;
    this.#isRefused = true;
    if (this.res!.listenerCount('error') > 0) this.res!.emit('error', sentAlready());
    else this.backend.failed('a response', sentAlready());
  }

  /** The real response has closed without this one. */
  over(): void {
    const { res } = this;
    if (res === undefined || res._closed) return;
    this.#isTaken = true;
    this.socket.endTurn(this);
    closeResponse(res);
    this.#mayForget();
  }

  #mayForget(): void {
    const isAnswered = this.res === undefined || this.res.writableFinished || this.res._closed;
    if (isAnswered && this.req.complete) this.#forget();
  }

  #forget(): void {
    this.socket.turns.delete(this);
    this.backend.forget(this);
  }
}

/** What Node says to a second answer. */
export function sentAlready(): Error {
  return Object.assign(new Error('Cannot write headers after they are sent to the client'), { code: 'ERR_HTTP_HEADERS_SENT' });
}

function closeResponse(res: Outgoing): void {
  if (res._closed) return;
  res.destroyed = true;
  res._closed = true;
  res.emit('close');
}

function makeRequest(socket: StandInSocket, row: RequestRow): Incoming {
  const { 1: flags, 2: method, 3: url, 4: major, 5: minor, 6: headersCount, 7: rawHeaders, 11: status = 0, 12: statusMessage = '' } = row;
  const req = new (http().IncomingMessage)(socket) as Incoming;
  req.httpVersionMajor = major;
  req.httpVersionMinor = minor;
  req.httpVersion = `${major}.${minor}`;
  req.joinDuplicateHeaders = (flags & JOIN_DUPLICATES) !== 0;
  req.url = url;
  req.upgrade = (flags & UPGRADE) !== 0;
  req._addHeaderLines(rawHeaders, headersCount);
  if (method !== null) req.method = method;
  if (status === 0) return req;
  req.statusCode = status;
  req.statusMessage = statusMessage;
  return req;
}

function makeResponse(req: Incoming, row: ResponseRow): Outgoing {
  const { 1: flags, 2: keepAliveTimeout, 3: maxRequests, 4: highWaterMark, 5: uniqueHeaders = 0, 6: headers = 0 } = row;
  const options = { highWaterMark, rejectNonStandardBodyWrites: (flags & REJECTS_BODIES) !== 0 };
  const res = new (http().ServerResponse as unknown as new (req: IncomingMessage, options: object) => Outgoing)(req, options);
  res._keepAliveTimeout = Number(keepAliveTimeout);
  res._maxRequestsPerSocket = Number(maxRequests);
  res.shouldKeepAlive = (flags & KEEP_ALIVE) !== 0;
  res.maxRequestsOnConnectionReached = (flags & LAST_REQUEST) !== 0;
  res._expect_continue = (flags & EXPECTS_CONTINUE) !== 0;
  res._sent100 = (flags & HAS_CONTINUED) !== 0;
  if ((flags & NO_DATE) !== 0) res.sendDate = false;
  if ((flags & STRICT_LENGTH) !== 0) res.strictContentLength = true;
  if (uniqueHeaders !== 0) res[internals().uniqueHeaders] = new Set(uniqueHeaders);
  if (headers !== 0) setHeaders(res, headers);
  return res;
}
