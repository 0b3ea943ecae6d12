import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { addressesOf } from './addresses.js';
import { isResponse } from './node-http.js';
import { eachPiece, packChunk } from './pieces.js';
import { Settling } from './settling.js';
import { ACKNOWLEDGED, beyondWindow, WINDOW } from './window.js';
import type { Exchange } from './exchange.js';
import type { Gateway } from './gateway.js';
import type { SocketRow } from './heads.js';
import { speaksHttp } from './stand-in-socket.js';
import { tlsFactsOf, type TlsFacts } from './tls.js';

/** What one session does with a socket. */
class Use {
  /** Bytes that were sent to it and that it has not read yet. */
  unread = 0;
  /** Bytes of its that the socket has taken and that it has not been told of yet. */
  untold = 0;
  /** Bytes that it has written beneath HTTP and that the socket has not taken yet. */
  unwritten = 0;
  wrote = false;
}

/** Milliseconds that a client has to take what was written to a socket that is destroyed. */
const LINGER = 2000;

const ignore = (): void => {};

/** A socket of this process, as long as sessions use it. */
export class HostedSocket {
  static readonly #all = new WeakMap<Socket, HostedSocket>();
  static #lastId = 0;

  static of(socket: Socket): HostedSocket {
    let known = HostedSocket.#all.get(socket);
    if (known === undefined) HostedSocket.#all.set(socket, (known = new HostedSocket(socket)));
    return known;
  }

  static known(socket: Socket): HostedSocket | undefined {
    return HostedSocket.#all.get(socket);
  }

  readonly id = ++HostedSocket.#lastId;
  /** Requests on it that sessions have. */
  readonly exchanges: Exchange[] = [];
  readonly settling = new Settling(this.id, this.exchanges);
  readonly #uses = new Map<Gateway, Use>();
  #reader: Gateway | undefined;
  #addresses: string | undefined;

  private constructor(readonly socket: Socket) {
    socket.prependListener('end', this.#clientEnds).on('close', this.#closed).on('error', ignore);
  }

  /** As it is now. */
  row(): SocketRow {
    const { socket } = this;
    return [this.id, !speaksHttp(socket), (this.#addresses ??= addressesOf(socket)), socket.timeout ?? 0];
  }

  /** A session hears of it. Returns what it does not know yet of TLS. */
  use(gateway: Gateway): TlsFacts | 0 {
    if (this.#uses.has(gateway)) return 0;
    this.#uses.set(gateway, new Use());
    return tlsFactsOf(this.socket) ?? 0;
  }

  /** Writes what a session sends, and tells it, now and then, how much of it has gone out. */
  write(gateway: Gateway, packed: readonly unknown[], from: number): void {
    const use = this.#uses.get(gateway);
    if (use === undefined || this.socket.destroyed) return;
    use.wrote = true;
    const error = beyondWindow(use.unwritten);
    if (error !== undefined) return gateway.broken(error);
    this.socket.cork();
    eachPiece(packed, from, (data, encoding) => {
      use.unwritten += data.length;
      this.socket.write(data, encoding ?? 'utf8', () => {
        use.unwritten -= data.length;
        this.written(gateway, data.length);
      });
    });
    this.socket.uncork();
  }

  written(gateway: Gateway, size: number): void {
    const use = this.#uses.get(gateway);
    if (use === undefined) return;
    use.untold += size;
    if (use.untold < ACKNOWLEDGED) return;
    gateway.tell('wrote', [this.id, use.untold]);
    use.untold = 0;
  }

  /** A response of it is whole: what is not yet told of is not told of any more. */
  rested(gateway: Gateway): void {
    const use = this.#uses.get(gateway);
    if (use !== undefined) use.untold = 0;
  }

  /**
   * A handler has destroyed it. What it was told to be written goes out before: in one process the system has that by then,
   * and sends it, while here some of it may still wait.
   */
  destroy(error: Error | undefined): void {
    const { socket } = this;
    if (error !== undefined || socket.writableLength === 0) return void socket.destroy(error);
    const late = setTimeout(() => socket.destroy(), LINGER).unref();
    socket.once('close', () => clearTimeout(late)).pause().destroySoon();
  }

  /** Only TCP can be reset, which an honest handler knows. */
  reset(): void {
    try {
      this.socket.resetAndDestroy();
    } catch {
      this.socket.destroy();
    }
  }

  /** The session has read so much, and wants more. The first who does is the reader. */
  read(gateway: Gateway, size: number): void {
    const use = this.#uses.get(gateway);
    if (use === undefined || speaksHttp(this.socket)) return;
    use.unread = Math.max(0, use.unread - size);
    if (this.#reader === undefined) this.#startReading(gateway, use);
    else if (this.#reader === gateway && use.unread < WINDOW && this.socket.isPaused()) this.socket.resume();
  }

  #startReading(gateway: Gateway, use: Use): void {
    this.#reader = gateway;
    const { socket, id } = this;
    socket.on('end', () => gateway.tell('ended', [id]));
    socket.on('data', (chunk: Buffer) => {
      use.unread += chunk.length;
      gateway.tell('received', [id, packChunk(chunk)]);
      if (use.unread >= WINDOW) socket.pause();
    });
    if (socket.readableEnded) gateway.tell('ended', [id]);
  }

  /**
   * Tells a session when the socket has been idle for its timeout. Whether that is its end is for the handlers of the response
   * to say whose turn it is then; Node would end it before they can.
   */
  watchTimeout(gateway: Gateway): void {
    for (const exchange of this.exchanges) exchange.leaveTimeouts(gateway);
    if (this.watchesTimeout(gateway)) return;
    const tell = (): void => gateway.tell('timedOut', [this.id, this.#isHandledBesides(gateway)]);
    this.#timeouts.set(gateway, tell);
    this.socket.on('timeout', tell);
  }

  watchesTimeout(gateway: Gateway): boolean {
    return this.#timeouts.has(gateway);
  }

  /** Whether it is for others to say: the server's listeners, or whoever has the response whose turn it is. */
  #isHandledBesides(gateway: Gateway): boolean {
    const { server, _httpMessage: res } = this.socket as Socket & { server?: { listenerCount(event: string): number }; _httpMessage?: ServerResponse | null };
    if ((server?.listenerCount('timeout') ?? 0) > 0) return true;
    return isResponse(res) && !this.exchanges.some((exchange) => exchange.res === res && exchange.heldBy(gateway) !== undefined);
  }

  readonly #timeouts = new Map<Gateway, () => void>();

  /** The session has gone. What it had taken over goes with it; what it was merely told of stays. */
  lost(gateway: Gateway): void {
    const use = this.#uses.get(gateway);
    this.#uses.delete(gateway);
    this.settling.look();
    const timeout = this.#timeouts.get(gateway);
    if (timeout !== undefined) this.socket.off('timeout', timeout);
    this.#timeouts.delete(gateway);
    if (speaksHttp(this.socket) || use === undefined || this.socket.destroyed) return;
    if (this.#reader === gateway || use.wrote) this.socket.destroy();
  }

  #last: Exchange | undefined;

  /** The client is being refused, and gets one response that was not whole before: this one, if it is the first. */
  endsWith(exchange: Exchange): boolean {
    return (this.#last ??= exchange) === exchange;
  }

  /** The response was whole before. */
  goesOn(): void {
    this.#last = undefined;
  }

  /** The session has not heard of it after all. */
  dropped(gateway: Gateway): void {
    const isInUse = this.isTakenBy(gateway) || this.exchanges.some((exchange) => exchange.heldBy(gateway) !== undefined);
    if (!isInUse) this.#uses.delete(gateway);
  }

  /** Whether a session has begun to use the socket beneath HTTP. */
  isTakenBy(gateway: Gateway): boolean {
    return this.#reader === gateway || this.#uses.get(gateway)?.wrote === true;
  }

  /** Node ends the connection now, unless it is to be half open. */
  readonly #clientEnds = (): void => {
    const { socket } = this;
    if (!speaksHttp(socket) || this.exchanges.length === 0) return;
    const end = socket.end.bind(socket) as (...args: unknown[]) => Socket;
    socket.end = (...args: unknown[]) => {
      if (args.length > 0) return end(...args);
      // What was answered together is written one by one.
      this.settling.wait(() => setImmediate(end));
      return socket;
    };
    // When all listeners have heard that the client ends.
    process.nextTick(() => Reflect.deleteProperty(socket, 'end'));
  };

  readonly #closed = (): void => {
    for (const gateway of [...this.#uses.keys()]) gateway.socketClosed(this);
    this.#uses.clear();
    for (const exchange of [...this.exchanges]) exchange.end();
  };
}
