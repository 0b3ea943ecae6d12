import type { IncomingMessage, ServerResponse } from 'node:http';
import { limitError } from '../errors.js';
import { referenceOf } from '../proxies/reference.js';
import { byReference } from '../values/marks.js';
import type { ReferenceReceiver } from '../values/references.js';
import { BackendLine } from './backend-line.js';
import { checkRequest, checkResponse, checkSocket, checkTls } from './check-heads.js';
import type { RequestRow, ResponseRow, SocketRow } from './heads.js';
import { LocalExchange, sentAlready } from './local-exchange.js';
import { unpackChunk } from './pieces.js';
import { StandInSocket } from './stand-in-socket.js';
import { sizeOf } from './size.js';
import { Slots } from './slots.js';
import { makeStamps } from './stamps.js';
import { tell } from './tell.js';
import type { TlsFacts } from './tls.js';
import { beyondWindow } from './window.js';

/** Milliseconds after which stand-ins of idle connections are let go. */
const IDLE = 1000;

/** A stand-in counts as so many references: it weighs as much as they do. So many bytes of a head weigh as one. */
const STAND_IN = 8;
const TEXT = 256;

/** The handling end of HTTP for one session: makes real requests, responses and sockets for those of the host. */
export class Backend {
  static readonly #all = new WeakMap<object, Backend>();
  /** Where requests and responses come from. */
  static readonly #origins = makeStamps<LocalExchange>();

  /** Of one session. The first message brings the gateway along. */
  static of(session: object, gateway: unknown): Backend {
    let known = Backend.#all.get(session);
    if (known !== undefined) return known;
    if (typeof gateway !== 'object' || gateway === null || referenceOf(gateway) === undefined) throw new TypeError('there is no gateway');
    Backend.#all.set(session, (known = new Backend(gateway, (session as ReferenceReceiver).most)));
    tell(gateway, 'serve', [known.#line]);
    return known;
  }

  /** The number of a stand-in that goes home by this session. */
  static idOf(value: object, session: object): number | undefined {
    const origin = value instanceof StandInSocket ? value : Backend.#origins.on(value);
    return origin !== undefined && origin.backend === Backend.#all.get(session) ? origin.id : undefined;
  }

  /** What crosses of it. */
  readonly #line = byReference(new BackendLine(this));
  readonly #exchanges = new Slots<LocalExchange>();
  readonly #sockets = new Map<number, StandInSocket | WeakRef<StandInSocket>>();
  readonly #forgotten = new FinalizationRegistry<number>((id) => {
    if (this.#socket(id) === undefined) this.#sockets.delete(id);
  });
  #idling: NodeJS.Timeout | undefined;

  /** What the requests in hand count for, and what is known of TLS. */
  #weight = 0;

  private constructor(
    private readonly gateway: object,
    /** The session's limit of references. */
    private readonly most: number,
  ) {}

  /** Stand-ins are kept for the other side until it says that they are over, so it must not make as many as it likes. */
  #mayGrow(weight: number): void {
    if (this.#weight + this.#sockets.size * STAND_IN + weight <= this.most) return;
    throw limitError('REFERENCES', `its requests and sockets count for more than ${this.most} references (limits.references)`);
  }

  /** Whether the host keeps to the window. If not, the session ends. */
  #mayCome(ahead: number): boolean {
    const error = beyondWindow(ahead);
    if (error !== undefined) referenceOf(this.gateway)!.session.broken(error);
    return error === undefined;
  }

  tell(what: string, args: unknown[]): void {
    tell(this.gateway, what, args);
  }

  /** Something failed that nobody waits for. */
  failed(where: string, error: unknown): void {
    referenceOf(this.gateway)!.session.refused(where, error);
  }

  // What crosses

  request(row: RequestRow, tls: TlsFacts | 0): IncomingMessage {
    const length = checkRequest(row);
    const known = this.#exchanges.get(row[0]);
    if (known !== undefined) return known.req;
    const weight = STAND_IN + Math.ceil(length / TEXT);
    this.#mayGrow(weight);
    const exchange = new LocalExchange(this, this.socket(row[8], tls), row);
    exchange.weight = weight;
    this.#weight += weight;
    this.#exchanges.put(exchange.id, exchange);
    Backend.#origins.put(exchange.req, exchange);
    // Node's parser has come to the end of a request before it is known to be an upgrade.
    if (exchange.req.upgrade) exchange.receiveBody();
    else process.nextTick(receiveBody, exchange);
    return exchange.req;
  }

  /** `req`: its request, if that is not the one of the number in the row, in the same message. */
  response(row: ResponseRow, req?: IncomingMessage): ServerResponse {
    checkResponse(row);
    const exchange = req === undefined ? this.#exchanges.get(row[0]) : Backend.#origins.on(req);
    if (exchange?.backend !== this) throw new TypeError('a response without its request');
    if (exchange.res === undefined) Backend.#origins.put(exchange.respond(row), exchange);
    return exchange.res!;
  }

  socket(row: SocketRow, tls: TlsFacts | 0): StandInSocket {
    checkSocket(row);
    const held = this.#sockets.get(row[0]);
    const known = held instanceof WeakRef ? held.deref() : held;
    if (held === undefined) this.#mayGrow(STAND_IN);
    const socket = known ?? new StandInSocket(this, row);
    if (known !== undefined) known.update(row);
    if (held !== socket) this.#sockets.set(row[0], socket);
    if (tls !== 0 && !socket.hasTlsFacts) this.#learn(socket, tls);
    return socket;
  }

  #learn(socket: StandInSocket, facts: TlsFacts): void {
    checkTls(facts);
    const weight = Math.ceil(sizeOf(facts) / TEXT);
    this.#mayGrow(weight);
    this.#weight += weight;
    socket.learn(facts, weight);
  }

  #socket(id: number): StandInSocket | undefined {
    const known = this.#sockets.get(id);
    return known instanceof WeakRef ? known.deref() : known;
  }

  /** What listens for `finish` of all responses. */
  readonly finished = function (this: ServerResponse): void {
    Backend.#origins.on(this)?.finished();
  };

  forget(exchange: LocalExchange): void {
    this.#weight -= exchange.weight;
    exchange.weight = 0;
    this.#exchanges.delete(exchange.id);
    this.#idling ??= setTimeout(() => this.#letGo(), IDLE).unref();
  }

  /**
   * Connections may idle for hours, and there may be thousands. A stand-in that no code has done anything with is kept only
   * by who still has it: the next request on its connection finds it, or gets one that is made anew.
   */
  #letGo(): void {
    this.#idling = undefined;
    for (const [id, socket] of this.#sockets) {
      if (socket instanceof WeakRef || !socket.isForgettable) continue;
      this.#sockets.set(id, new WeakRef(socket));
      this.#forgotten.register(socket, id);
    }
  }

  socketClosed(socket: StandInSocket): void {
    this.#weight -= socket.factsWeight;
    socket.factsWeight = 0;
    if (this.#socket(socket.id) === socket) this.#sockets.delete(socket.id);
  }

  // What the gateway says, by way of the line

  data(id: number, chunk: unknown): void {
    const exchange = this.#exchanges.get(id);
    if (exchange !== undefined && this.#mayCome(exchange.ahead)) exchange.data(unpackChunk(chunk));
  }

  end(id: number, trailers: readonly string[]): void {
    this.#exchanges.get(id)?.end(trailers);
  }

  aborted(id: number): void {
    this.#exchanges.get(id)?.aborted();
  }

  taken(id: number, status: number): void {
    this.#exchanges.get(id)?.taken(status);
  }

  refused(id: number): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) this.failed('a response', sentAlready());
    else exchange.refused();
  }

  over(id: number): void {
    this.#exchanges.get(id)?.over();
  }

  wrote(id: number, size: number): void {
    this.#socket(id)?.taken(size);
  }

  received(id: number, chunk: unknown): void {
    const socket = this.#socket(id);
    if (socket !== undefined && this.#mayCome(socket.ahead)) socket.received(unpackChunk(chunk));
  }

  ended(id: number): void {
    this.#socket(id)?.ended();
  }

  closed(id: number, error: unknown): void {
    this.#socket(id)?.cut(error instanceof Error ? error : undefined);
  }

  /** The host is about to end the connection: whoever answers at once is to have answered before. */
  settle(id: number, isComplete: boolean): void {
    // A turn later the handlers have done what they do at once about what they were given.
    setImmediate(() => this.#settle(id, isComplete));
  }

  #settle(id: number, isComplete: boolean): void {
    const socket = this.#socket(id);
    if (socket === undefined) return this.tell('settled', [id]);
    const { turns, conditions } = socket;
    if (turns.isArriving(isComplete)) return conditions.when(() => !turns.isArriving(isComplete), () => this.settle(id, isComplete));
    const { given } = turns;
    // By then a handler that waited for room may read on.
    socket.whenSent(() => setImmediate(() => {
      if (turns.given !== given || turns.isArriving(isComplete)) this.settle(id, isComplete);
      else this.tell('settled', [id]);
    }));
  }

  timedOut(id: number, isHandled: boolean): void {
    this.#socket(id)?.timedOut(isHandled);
  }

  /** The session has ended: to the handlers it is as if all their clients had gone. */
  lost(): void {
    clearTimeout(this.#idling);
    for (const id of [...this.#sockets.keys()]) {
      try {
        this.#socket(id)?.cut(Object.assign(new Error('the host has gone'), { code: 'ECONNRESET' }));
      } catch (error) {
        this.failed('the end of a connection', error);
      }
    }
    this.#sockets.clear();
    this.#exchanges.clear();
  }
}

function receiveBody(exchange: LocalExchange): void {
  exchange.receiveBody();
}
