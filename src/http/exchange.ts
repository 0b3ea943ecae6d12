import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Body, type BodyHead } from './body.js';
import { badGateway } from './fallback.js';
import { AT_ONCE, BEFORE_COMPLETE, ENDED, LAST, STARTED } from './flags.js';
import type { Gateway } from './gateway.js';
import { Holding } from './holding.js';
import { HostedSocket } from './hosted-socket.js';
import type { Incoming, Outgoing } from './internals.js';
import { eachPiece } from './pieces.js';
import { makeStamps } from './stamps.js';
import { beyondWindow } from './window.js';

const ignore = (): void => {};

/** Where the pieces begin in the arguments of `answer`. */
const PIECES = 4;

/** A request and its response, for all sessions that have them. The first session that answers is the one that answers. */
export class Exchange {
  static readonly #all = makeStamps<Exchange>();

  static of(req: IncomingMessage): Exchange {
    const known = Exchange.#all.on(req);
    if (known !== undefined) return known;
    const made = new Exchange(req);
    Exchange.#all.put(req, made);
    return made;
  }

  static known(req: IncomingMessage): Exchange | undefined {
    return Exchange.#all.on(req);
  }

  /** Whether any session has the request. */
  static isHeld(req: IncomingMessage): boolean {
    const exchange = Exchange.#all.on(req);
    return exchange !== undefined && exchange.#holdings.length > 0;
  }

  readonly socket: HostedSocket;
  readonly #body: Body;
  readonly #holdings: Holding[] = [];
  #res: Outgoing | undefined;
  #answering: Gateway | undefined;
  #hasEnded = false;
  /** The client is being refused; it had the whole response before. */
  #isLate = false;
  #wasWhole = false;

  private constructor(readonly req: IncomingMessage) {
    this.#body = new Body(req, this);
    this.socket = HostedSocket.of(req.socket);
    this.socket.exchanges.push(this);
  }

  get res(): ServerResponse | undefined {
    return this.#res;
  }

  holdBy(gateway: Gateway): Holding {
    let holding = this.heldBy(gateway);
    if (holding === undefined) this.#holdings.push((holding = new Holding(gateway, this)));
    return holding;
  }

  heldBy(gateway: Gateway): Holding | undefined {
    for (const holding of this.#holdings) if (holding.gateway === gateway) return holding;
    return undefined;
  }

  /** Of the sessions that have it. */
  get gateways(): Gateway[] {
    return this.#holdings.map(({ gateway }) => gateway);
  }

  /** What of the body goes with the head. */
  body(holding: Holding): BodyHead {
    return this.#body.join(holding);
  }

  /** A session has read so much of the body. */
  read(holding: Holding, size: number): void {
    this.#body.read(holding, size);
  }

  /** What becomes of its connection when that has been idle for its timeout is for a session to say that has it. */
  leaveTimeouts(gateway: Gateway): void {
    const res = this.#res;
    if (res !== undefined && this.heldBy(gateway) !== undefined && !res.listeners('timeout').includes(ignore)) res.on('timeout', ignore);
  }

  /** Its response crosses, too. */
  answeredBy(res: ServerResponse): void {
    if (this.#res !== undefined) return;
    this.#res = res as unknown as Outgoing;
    res.on('close', responseClosed);
  }

  /** Its response is being sent to a session. If that has closed already, by the host's own code, the session hears so next. */
  mentioned(res: ServerResponse): void {
    if (res.closed) process.nextTick(Exchange.responseClosed, res);
  }

  /**
   * A session's part of the response: bytes, made by a response of its own, that are sent as they are. What comes of it on
   * this side, keep-alive and the turn of the next response included, is up to the real response.
   */
  answer(holding: Holding, args: readonly unknown[]): void {
    if (this.#isLate) this.#answerLate(holding, args);
    else this.#answer(holding, args);
  }

  /** Only what was answered at once is sent. What is not is taken all the same: its handler may have more that is. */
  #answerLate(holding: Holding, args: readonly unknown[]): void {
    const flags = Number(args[1]);
    if ((flags & AT_ONCE) !== 0 && !this.#wasWhole && this.#isNext && this.socket.endsWith(this)) {
      this.#answer(holding, args);
      if ((flags & ENDED) === 0 || (flags & BEFORE_COMPLETE) === 0) return;
      this.#wasWhole = true;
      this.socket.goesOn();
    } else {
      let size = 0;
      eachPiece(args, PIECES, (data) => (size += data.length));
      this.socket.written(holding.gateway, size);
    }
  }

  /** Whether those before it are over: if one is not sent any more, neither is what waits behind it. */
  get #isNext(): boolean {
    const { exchanges } = this.socket;
    return exchanges.slice(0, exchanges.indexOf(this)).every((before) => before.#hasEnded);
  }

  /** The client is being refused: what was not answered at once is not sent any more. */
  refuse(): void {
    this.#isLate = true;
    this.#wasWhole = this.#res?.writableFinished === true;
  }

  /** How much its client has of it, when all has come that was answered at once. */
  get state(): 'nothing' | 'some' | 'all' {
    if (this.#wasWhole || (!this.#isLate && this.#res?.writableFinished === true)) return 'all';
    return this.#res?.headersSent === true ? 'some' : 'nothing';
  }

  /** Whether its response is whole, and its client has not taken all of it yet. */
  get isGoingOut(): boolean {
    const res = this.#res;
    return this.#hasEnded && res !== undefined && res.socket !== null && !res.writableFinished && !res.closed;
  }

  #answer(holding: Holding, args: readonly unknown[]): void {
    const res = this.#res;
    if (res === undefined || this.#hasEnded) return holding.tell('refused');
    const flags = Number(args[1]);
    const { gateway } = holding;
    if (this.#answering !== gateway && !this.#mayAnswer(holding, res, flags, args)) return;
    const isEnd = (flags & ENDED) !== 0;
    const error = beyondWindow(holding.unwritten);
    if (error !== undefined) return gateway.broken(error);
    const isSplit = args.length > PIECES + 2;
    if (isSplit) res.socket?.cork();
    eachPiece(args, PIECES, (data, encoding) => {
      res._writeRaw(data, encoding, isEnd ? undefined : this.#written(holding, data.length));
    });
    if (isSplit) res.socket?.uncork();
    if (isEnd) this.#end(gateway, res, flags);
  }

  /** Counts bytes until the client's connection has taken them. */
  #written(holding: Holding, size: number): () => void {
    holding.unwritten += size;
    return () => {
      holding.unwritten -= size;
      if (!this.#hasEnded) this.socket.written(holding.gateway, size);
    };
  }

  /** Before its head, a response may have parts by anybody: 100, 102 and 103. */
  #mayAnswer(holding: Holding, res: Outgoing, flags: number, args: readonly unknown[]): boolean {
    if (this.#answering !== undefined || res.headersSent || res.writableEnded) {
      holding.tell('refused');
      return false;
    }
    if ((flags & STARTED) === 0) return true;
    this.#answering = holding.gateway;
    if (Number.isInteger(args[2])) res.statusCode = args[2] as number;
    if (typeof args[3] === 'string') res.statusMessage = args[3];
    // Whoever asks is to know that it is made and sent; what is in it, nobody asks.
    res._header = 'HTTP/1.1\r\n\r\n';
    res._headerSent = true;
    if (this.#holdings.length > 1) for (const other of this.#holdings) if (other !== holding) other.tell('taken', res.statusCode);
    return true;
  }

  #end(gateway: Gateway, res: Outgoing, flags: number): void {
    this.#hasEnded = true;
    if ((flags & LAST) !== 0) res._last = true;
    this.socket.rested(gateway);
    res.end();
  }

  static responseClosed(res: ServerResponse): void {
    const exchange = Exchange.#all.on(res.req)!;
    // That the connection has closed is told by itself.
    if (!exchange.socket.socket.destroyed) exchange.#tellOver();
    exchange.mayEnd();
    exchange.socket.settling.look();
  }

  #tellOver(): void {
    for (const { gateway, number } of this.#holdings) if (gateway !== this.#answering || !this.#hasEnded) gateway.over(number);
  }

  mayEnd(): void {
    if (this.#body.isDone && this.#res?.closed !== false) this.end();
  }

  /** Nothing of it can happen any more. */
  end(): void {
    const { exchanges } = this.socket;
    const at = exchanges.indexOf(this);
    if (at >= 0) exchanges.splice(at, 1);
    for (const { gateway, number } of this.#holdings) gateway.forget(number);
    this.#holdings.length = 0;
    this.socket.settling.look();
  }

  /** A session has not got it after all. */
  dropped(gateway: Gateway): void {
    const holding = this.heldBy(gateway);
    if (holding === undefined || --holding.mentions > 0) return;
    this.#leave(holding);
    gateway.forget(holding.number);
    this.socket.dropped(gateway);
  }

  #leave(holding: Holding): void {
    this.#body.leave(holding);
    const at = this.#holdings.indexOf(holding);
    if (at >= 0) this.#holdings.splice(at, 1);
  }

  /** A session has gone. Whoever waits for its response is told so, as far as that can be done. */
  lost(holding: Holding): void {
    this.#leave(holding);
    this.socket.settling.look();
    const { gateway } = holding;
    if (this.#answering === gateway) {
      if (!this.#hasEnded) this.socket.socket.destroy();
    } else if (this.#holdings.length === 0 && this.#answering === undefined && !this.#isTaken(gateway)) {
      badGateway(this.req, this.#res);
    }
  }

  #isTaken(gateway: Gateway): boolean {
    const res = this.#res;
    if (res !== undefined) return res.headersSent || res.closed;
    // Without a response it is an upgrade, or what a server has answered to this process.
    return (this.req as Incoming).upgrade !== true || this.req.method === null || this.socket.isTakenBy(gateway) || isRead(this.socket.socket);
  }
}

/** Somebody in the host has taken the upgrade, such as a WebSocketServer that is hosted: its request was merely mentioned. */
export function isRead(socket: Socket): boolean {
  return socket.listenerCount('data') > 0 || socket.listenerCount('readable') > 0;
}

/** One for all responses. */
function responseClosed(this: ServerResponse): void {
  Exchange.responseClosed(this);
}
