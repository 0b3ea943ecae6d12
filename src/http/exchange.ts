import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body } from './body.js';
import { badGateway } from './fallback.js';
import { ENDED, LAST, STARTED } from './flags.js';
import type { Gateway } from './gateway.js';
import { HostedSocket } from './hosted-socket.js';
import type { Incoming, Outgoing } from './internals.js';
import { eachPiece } from './pieces.js';
import { makeStamps } from './stamps.js';

/** Where the pieces begin in the arguments of `answer`. */
const PIECES = 4;

/** A request and its response, for all sessions that have them. The first session that answers is the one that answers. */
export class Exchange {
  static readonly #all = makeStamps<Exchange>();
  static #lastId = 0;

  static of(req: IncomingMessage): Exchange {
    const known = Exchange.#all.on(req);
    if (known !== undefined) return known;
    const made = new Exchange(req);
    Exchange.#all.put(req, made);
    return made;
  }

  static find(req: IncomingMessage): Exchange | undefined {
    return Exchange.#all.on(req);
  }

  readonly id = ++Exchange.#lastId;
  readonly body: Body;
  readonly socket: HostedSocket;
  readonly #holders = new Set<Gateway>();
  #res: Outgoing | undefined;
  #answering: Gateway | undefined;
  #hasEnded = false;

  private constructor(readonly req: IncomingMessage) {
    this.body = new Body(this.id, req, () => this.#mayEnd());
    this.socket = HostedSocket.of(req.socket);
  }

  get res(): ServerResponse | undefined {
    return this.#res;
  }

  /** Whether any session has it. */
  get isHeld(): boolean {
    return this.#holders.size > 0;
  }

  join(gateway: Gateway): void {
    this.socket.exchanges.add(this);
    this.#holders.add(gateway);
  }

  /** Its response crosses, too. */
  answeredBy(res: ServerResponse): void {
    if (this.#res !== undefined) return;
    this.#res = res as unknown as Outgoing;
    res.once('close', this.#resClosed);
  }

  /**
   * A session's part of the response: bytes, made by a response of its own, that are sent as they are. What comes of it on
   * this side, keep-alive and the turn of the next response included, is up to the real response.
   */
  answer(gateway: Gateway, args: readonly unknown[]): void {
    const res = this.#res;
    if (res === undefined || this.#hasEnded) return this.#refuse(gateway);
    const flags = Number(args[1]);
    if (this.#answering !== gateway && !this.#mayAnswer(gateway, res, flags, args)) return;
    const isEnd = (flags & ENDED) !== 0;
    const written = isEnd ? undefined : gateway;
    const isSplit = args.length > PIECES + 2;
    if (isSplit) res.socket?.cork();
    eachPiece(args, PIECES, (data, encoding) => {
      res._writeRaw(data, encoding, written === undefined ? undefined : () => this.socket.written(written, data.length));
    });
    if (isSplit) res.socket?.uncork();
    if (isEnd) this.#end(gateway, res, flags);
  }

  /** Before its head, a response may have parts by anybody: 100, 102 and 103. */
  #mayAnswer(gateway: Gateway, res: Outgoing, flags: number, args: readonly unknown[]): boolean {
    if (this.#answering !== undefined || res.headersSent || res.writableEnded) {
      this.#refuse(gateway);
      return false;
    }
    if ((flags & STARTED) === 0) return true;
    this.#answering = gateway;
    if (Number.isInteger(args[2])) res.statusCode = args[2] as number;
    if (typeof args[3] === 'string') res.statusMessage = args[3];
    res._header = `HTTP/1.1 ${res.statusCode} ${res.statusMessage}\r\n\r\n`;
    res._headerSent = true;
    if (this.#holders.size > 1) for (const other of this.#holders) if (other !== gateway) other.tell('taken', [this.id, res.statusCode]);
    return true;
  }

  #refuse(gateway: Gateway): void {
    gateway.tell('refused', [this.id]);
  }

  #end(gateway: Gateway, res: Outgoing, flags: number): void {
    this.#hasEnded = true;
    if ((flags & LAST) !== 0) res._last = true;
    this.socket.rested(gateway);
    res.end();
  }

  readonly #resClosed = (): void => {
    // That the connection has closed is told by itself.
    if (!this.socket.socket.destroyed) this.#tellOver();
    this.#mayEnd();
  };

  #tellOver(): void {
    for (const gateway of this.#holders) if (gateway !== this.#answering || !this.#hasEnded) gateway.over(this);
  }

  #mayEnd(): void {
    if (this.body.isDone && this.#res?.closed !== false) this.end();
  }

  /** Nothing of it can happen any more. */
  end(): void {
    this.socket.exchanges.delete(this);
    for (const gateway of this.#holders) gateway.forget(this);
    this.#holders.clear();
  }

  /** A session has gone. Whoever waits for its response is told so, as far as that can be done. */
  lost(gateway: Gateway): void {
    this.body.leave(gateway);
    this.#holders.delete(gateway);
    const res = this.#res;
    if (this.#answering === gateway) {
      if (!this.#hasEnded) this.socket.socket.destroy();
    } else if (this.#holders.size === 0 && this.#answering === undefined && !this.#isTaken(gateway)) {
      badGateway(this.req, res);
    }
  }

  #isTaken(gateway: Gateway): boolean {
    const res = this.#res;
    if (res !== undefined) return res.headersSent || res.closed;
    // Without a response it is an upgrade, or what a server has answered to this process.
    return (this.req as Incoming).upgrade !== true || this.req.method === null || this.socket.isTakenBy(gateway);
  }
}
