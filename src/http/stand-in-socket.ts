import { Socket } from 'node:net';
import { Addresses, defineAddresses } from './addresses.js';
import { Answered } from './answered.js';
import type { Backend } from './backend.js';
import { Conditions } from './conditions.js';
import type { SocketRow } from './heads.js';
import { internals, type Outgoing } from './internals.js';
import type { LocalExchange } from './local-exchange.js';
import type { Packed } from './pieces.js';
import { defineTlsFacts } from './tls-stand-in.js';
import type { TlsFacts } from './tls.js';
import { Turns } from './turns.js';
import { ACKNOWLEDGED } from './window.js';
import { Writing } from './writing.js';

type Done = (error?: Error | null) => void;
interface Chunk {
  chunk: string | Uint8Array;
  encoding: string;
}

const ignore = (): void => {};

/**
 * Stands in for a socket of the host: a real `net.Socket` of this process, without a handle. While HTTP is spoken on the
 * real one, responses write their bytes to this one, and requests ask it for more of their bodies; beneath HTTP, as after
 * an upgrade, it is a stream both ways.
 */
export class StandInSocket extends Socket {
  readonly id: number;
  readonly turns = new Turns();
  readonly #backend: Backend;
  readonly #writing = new Writing((packed) => this.#send(packed), () => this.conditions.look());
  /** Looked at whenever something has become of an exchange, or of what was written. */
  readonly conditions = new Conditions();
  readonly #addressesText: string;
  #addresses: Addresses | undefined;
  #isRaw!: boolean;
  /** Of what comes beneath HTTP, there is no more. */
  #hasEnded = false;
  #hasTlsFacts = false;
  /** What its session counts for what is known of TLS. */
  factsWeight = 0;
  /** Bytes that came and that nobody has asked for yet; bytes that were asked for, which the host does not know yet. */
  #unread = 0;
  #owed = 0;
  #isReading = false;
  /** The real socket has closed, or the session has ended: there is nobody to tell. */
  #isCut = false;
  readonly #bareWeight: number;

  constructor(backend: Backend, row: SocketRow) {
    super({ allowHalfOpen: true });
    this.#backend = backend;
    this.id = row[0];
    this.#addressesText = row[2];
    (this as { _httpMessage?: Outgoing | null })._httpMessage = null;
    this.on('error', ignore).on('close', this.#closed).on('drain', this.#drained);
    this.#bareWeight = this.#weight();
    this.update(row);
  }

  get backend(): Backend {
    return this.#backend;
  }

  get #ends(): Addresses {
    return (this.#addresses ??= new Addresses(this.#addressesText));
  }

  /** Whether HTTP is spoken on the real socket. */
  get isHttp(): boolean {
    return !this.#isRaw;
  }

  /** What the host says of the socket each time that it crosses. */
  update([, isRaw, , timeout]: SocketRow): void {
    this.#isRaw = isRaw;
    // While there are requests in hand, their handlers may have set another since. Without them it is what the server has set.
    if (this.turns.isEmpty && (timeout !== 0 || this.timeout !== undefined)) setTimeoutOf(this, timeout);
  }

  get hasTlsFacts(): boolean {
    return this.#hasTlsFacts;
  }

  learn(facts: TlsFacts, weight: number): void {
    this.#hasTlsFacts = true;
    this.factsWeight = weight;
    defineTlsFacts(this, facts);
  }

  /** Nothing would be lost if it were made anew for the next request. */
  get isForgettable(): boolean {
    return this.isHttp && this.turns.isEmpty && !this.#hasTlsFacts && this.#weight() === this.#bareWeight;
  }

  /** How much there is to it: what code has attached to it makes it heavier. */
  #weight(): number {
    return Reflect.ownKeys(this).length + this.eventNames().reduce((sum, event) => sum + this.listenerCount(event), 0);
  }

  // Turns of responses

  takeTurn(exchange: LocalExchange): void {
    if (this.turns.wait(exchange)) exchange.res!.assignSocket(this);
  }

  endTurn(exchange: LocalExchange): void {
    const res = exchange.res!;
    const isCurrent = this.turns.current === exchange;
    if (isCurrent && res.socket === this) res.detachSocket(this);
    const next = this.turns.end(exchange);
    if (isCurrent) this.#writing.restart();
    if (next !== undefined && !this.destroyed && !exchange.isLast) next.res!.assignSocket(this);
    this.conditions.look();
  }

  /** Calls `then` when all has been sent that was answered by now. */
  whenSent(then: () => void): void {
    const last = this.turns.lastAnswered;
    if (last === undefined) return then();
    const answered = new Answered(last, this.turns, this.#writing);
    this.#writing.flush();
    this.conditions.when(() => answered.isSent, then);
  }

  // Writing

  override _write(chunk: string | Uint8Array, encoding: string, done: Done): void {
    this.#writing.add(chunk, encoding);
    this.#writing.written(done);
  }

  override _writev(chunks: Chunk[], done: Done): void {
    for (const { chunk, encoding } of chunks) this.#writing.add(chunk, encoding);
    this.#writing.written(done);
  }

  override _final(done: Done): void {
    this.#writing.flush();
    this.tell('finish');
    done();
  }

  /** Sends what waits, at once. */
  flush(): void {
    this.#writing.flush();
  }

  /** How much has been sent of all that was ever written, and how much was written. */
  get sentUpTo(): number {
    return this.#writing.sent;
  }

  get writtenUpTo(): number {
    return this.#writing.end(this.writableLength);
  }

  taken(size: number): void {
    this.#writing.taken(size);
  }

  #send(packed: Packed): void {
    const exchange = this.turns.current;
    try {
      if (exchange !== undefined) exchange.answer(packed, this.#writing.isEmpty);
      else this.tell('write', ...packed);
    } catch (error) {
      // A hole in what is written would not be seen by the client: it gets nothing more.
      this.#writing.forget();
      this.#backend.failed('a piece of a response', error);
      this.destroy();
    }
  }

  readonly #drained = (): void => {
    const res = this.turns.current?.res;
    if (res === undefined || res.writableEnded || res[internals().needDrain] !== true) return;
    res[internals().needDrain] = false;
    res.emit('drain');
  };

  // Reading: requests ask by `resume`, and readers of the socket itself by `_read`

  override resume(): this {
    if (!this.isHttp) return super.resume();
    for (const exchange of this.turns) exchange.wantsMore();
    return this;
  }

  override pause(): this {
    return this.isHttp ? this : super.pause();
  }

  /** As on every socket of an HTTP server, also after an upgrade. */
  override setEncoding(encoding?: BufferEncoding): this {
    if (!this.isHttp && !this.turns.hasBegun) return super.setEncoding(encoding);
    throw Object.assign(new Error('Changing the socket encoding is not allowed per RFC7230 Section 3.'), { code: 'ERR_HTTP_SOCKET_ENCODING' });
  }

  override _read(): void {
    if (this.isHttp) return;
    this.#owed += this.#unread;
    this.#unread = 0;
    if (!this.#isReading || this.#owed >= ACKNOWLEDGED) this.#askForMore();
  }

  /** Bytes that came and that the host was not told to be read. */
  get ahead(): number {
    return this.#unread + this.#owed;
  }

  received(chunk: Buffer): void {
    if (this.push(chunk)) this.#owed += chunk.length;
    else this.#unread += chunk.length;
    if (this.#owed >= ACKNOWLEDGED) this.#askForMore();
  }

  ended(): void {
    this.#hasEnded = true;
    this.push(null);
  }

  #askForMore(): void {
    this.#isReading = true;
    this.tell('read', this.#owed);
    this.#owed = 0;
  }

  // The end

  override _destroy(error: Error | null, done: Done): void {
    if (!this.#isCut) {
      this.#writing.flush();
      this.tell('destroy', error);
    }
    done(error);
    // As with a handle that is to be closed, whoever waits for the error hears of it before; but requests are told by the close.
    const later = this.#isCut && this.isHttp ? process.nextTick : setImmediate;
    later(() => this.emit('close', error !== null));
  }

  /** There is no real socket any more. What it had brought before its end is there to be read nevertheless. */
  cut(error?: Error): void {
    this.#isCut = true;
    if (error === undefined && this.#hasEnded && !this.readableEnded) this.once('end', () => this.destroy());
    else this.destroy(error);
  }

  readonly #closed = (): void => {
    for (const exchange of [...this.turns]) exchange.aborted();
    this.#backend.socketClosed(this);
    this.conditions.look();
  };

  // What is done to the real socket

  tell(what: string, ...args: unknown[]): void {
    if (!this.#isCut) this.#backend.tell(what, [this.id, ...args]);
  }

  override setTimeout(milliseconds: number, callback?: () => void): this {
    if (this.destroyed) return this;
    if (callback !== undefined) {
      if (milliseconds === 0) this.off('timeout', callback);
      else this.once('timeout', callback);
    }
    // Also if it is as it was: that starts it anew, and the server may have set another after a response.
    this.tell('setTimeout', milliseconds);
    setTimeoutOf(this, milliseconds);
    return this;
  }

  /** The real one was idle for its timeout. As in Node's server, it ends unless somebody who listens for it sees to it. */
  timedOut(isHandled: boolean): void {
    if (this.isHttp) {
      const req = this.turns.newest?.req;
      const res = this.turns.current?.res;
      const byRequest = req !== undefined && !req.complete && req.emit('timeout', this);
      const byResponse = res !== undefined && res.emit('timeout', this);
      if (!byRequest && !byResponse && !isHandled) this.destroy();
    }
    this.emit('timeout');
  }

  override setNoDelay(enable = true): this {
    this.tell('setNoDelay', enable);
    return this;
  }

  override setKeepAlive(enable = false, delay = 0): this {
    this.tell('setKeepAlive', enable, delay);
    return this;
  }

  /** As Node's own, which resets nothing but TCP. */
  override resetAndDestroy(): this {
    if (!this.destroyed && (this.hasTlsFacts || this.localFamily === undefined)) throw notTcp();
    this.tell('reset');
    this.#isCut = true;
    return this.destroy();
  }

  /** It keeps no process alive: the connection to the host does. */
  override ref(): this {
    return this;
  }

  override unref(): this {
    return this;
  }

  static {
    defineAddresses(this.prototype, (socket) => (socket as StandInSocket).#ends);
  }
}

function notTcp(): Error {
  return Object.assign(new TypeError('This handle type cannot be sent'), { code: 'ERR_INVALID_HANDLE_TYPE' });
}

/** Whether HTTP is spoken on a socket, so that nobody else may read from it. */
export function speaksHttp(socket: Socket): boolean {
  if (socket instanceof StandInSocket) return socket.isHttp;
  return Boolean((socket as { parser?: object | null }).parser);
}

function setTimeoutOf(socket: Socket, milliseconds: number): void {
  (socket as { timeout?: number }).timeout = milliseconds;
}
