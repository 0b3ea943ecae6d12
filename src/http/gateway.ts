import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { DynobotError } from '../errors.js';
import { byReference } from '../values/marks.js';
import type { ReferenceSender } from '../values/references.js';
import { Rows } from '../values/rows.js';
import { referenceOf } from '../proxies/reference.js';
import { Exchange } from './exchange.js';
import { GatewayLine } from './gateway-line.js';
import { isTooLong, LONGEST_HEAD } from './head-bounds.js';
import type { Holding } from './holding.js';
import { requestRow, responseRow, type RequestHead, type RequestRow, type ResponseHead, type SocketHead, type SocketRow } from './heads.js';
import type { HostedSocket } from './hosted-socket.js';
import type { Incoming } from './internals.js';
import { http } from './node-http.js';
import { Slots } from './slots.js';
import { tell } from './tell.js';
import type { TlsFacts } from './tls.js';

const MOST_REMEMBERED = 1000;

/**
 * The hosting end of HTTP for one session: hands out requests, responses and sockets by number, and does what the other
 * side's stand-ins ask. All of it are messages without answers, and what is short has no references of its own: one message
 * for a request, one for its response.
 *
 * It trusts the numbers only as far as they were given to this session.
 */
export class Gateway {
  static readonly #all = new WeakMap<object, Gateway>();

  static of(session: object): Gateway {
    let known = Gateway.#all.get(session);
    if (known === undefined) Gateway.#all.set(session, (known = new Gateway(session as ReferenceSender)));
    return known;
  }

  /** What crosses of it. */
  readonly #line = byReference(new GatewayLine(this));
  /** The other end; until it has introduced itself, what it is to be told waits. */
  #backend: object | undefined;
  #untold: [what: string, args: unknown[]][] = [];
  #isOver = false;
  readonly #held = new Slots<Holding>();
  readonly #sockets = new Map<number, HostedSocket>();
  /** The last ones that another has answered: who answers them all the same is told. */
  readonly #answeredElsewhere = new Set<number>();

  private constructor(private readonly session: ReferenceSender) {}

  // What crosses

  request(req: IncomingMessage): RequestHead {
    if (isTooLong(req)) throw new TypeError(`the head of a request is longer than ${LONGEST_HEAD} characters`);
    const exchange = Exchange.of(req);
    const isMentioned = this.session.hasNoted(exchange);
    if (!isMentioned) this.session.note(exchange, this);
    const holding = exchange.holdBy(this);
    if (!isMentioned) holding.mentions++;
    const { socket } = exchange;
    const tls = this.#use(socket);
    return this.#head(requestRow(req, holding.number, socket.row(), exchange.body(holding)), tls);
  }

  /** The message with the request cannot be sent. */
  unsent(exchange: Exchange): void {
    exchange.dropped(this);
  }

  response(res: ServerResponse): ResponseHead {
    const { req } = res;
    const exchange = Exchange.of(req);
    exchange.answeredBy(res);
    exchange.mentioned(res);
    const row = responseRow(res, exchange.heldBy(this)?.number ?? 0, this, exchange);
    // An upgrade is over, at the other end, before its response could find it.
    return this.session.hasNoted(exchange) && !(req as Incoming).upgrade ? new Rows(row) : [row, req];
  }

  socket(hosted: HostedSocket): SocketHead {
    const tls = this.#use(hosted);
    return this.#head(hosted.row(), tls);
  }

  #head<T extends RequestRow | SocketRow>(row: T, tls: TlsFacts | 0): Rows<T> | [T, GatewayLine | 0, TlsFacts | 0] {
    const gateway = this.#introduction;
    return gateway === 0 && tls === 0 ? new Rows(row) : [row, gateway, tls];
  }

  #use(hosted: HostedSocket): TlsFacts | 0 {
    this.#sockets.set(hosted.id, hosted);
    return hosted.use(this);
  }

  /** A session's hold on an exchange begins. Returns its number. */
  take(holding: Holding): number {
    return this.#held.add(holding);
  }

  /** Sent along until the other end is known: it introduces itself then. */
  get #introduction(): GatewayLine | 0 {
    return this.#backend === undefined ? this.#line : 0;
  }

  /** What comes home: the original, or, if that is over by now, a message that is closed. */
  requestAt(id: number): IncomingMessage {
    return this.#held.get(id)?.exchange.req ?? new (http().IncomingMessage)(new Socket()).destroy();
  }

  responseAt(id: number): ServerResponse {
    return this.#held.get(id)?.exchange.res ?? new (http().ServerResponse)(this.requestAt(id)).destroy();
  }

  socketAt(id: number): Socket {
    return this.#sockets.get(id)?.socket ?? new Socket().destroy();
  }

  // What the other end is told

  tell(what: string, args: unknown[]): void {
    if (this.#isOver) return;
    if (this.#backend === undefined) return void this.#untold.push([what, args]);
    try {
      tell(this.#backend, what, args);
    } catch (error) {
      this.#failed('a piece of a request', error);
      this.#missed(what, args[0] as number);
    }
  }

  /** What was not sent is missing over there: a piece of a body, or of what an upgraded connection brings. The session has lost that. */
  #missed(what: string, number: number): void {
    if (what === 'received') return void this.#sockets.get(number)?.socket.destroy();
    const holding = what === 'data' || what === 'end' ? this.#held.get(number) : undefined;
    if (holding === undefined) return;
    this.tell('aborted', [number]);
    this.#held.delete(number);
    holding.exchange.lost(holding);
  }

  #failed(where: string, error: unknown): void {
    if (this.#backend !== undefined) referenceOf(this.#backend)!.session.refused(where, error);
  }

  /** It was answered by another. */
  over(number: number): void {
    this.#answeredElsewhere.add(number);
    if (this.#answeredElsewhere.size > MOST_REMEMBERED) this.#answeredElsewhere.delete(this.#answeredElsewhere.values().next().value!);
    this.tell('over', [number]);
  }

  /** An event that it went with was dropped: if there was no other, this session has never heard of it. */
  dropped(req: IncomingMessage): void {
    Exchange.known(req)?.dropped(this);
  }

  forget(number: number): void {
    this.#held.delete(number);
  }

  socketClosed(hosted: HostedSocket): void {
    this.#sockets.delete(hosted.id);
    this.tell('closed', [hosted.id, hosted.socket.errored ?? null]);
  }

  /** The other end does not do as it must: its session ends. */
  broken(error: DynobotError): void {
    if (this.#backend !== undefined) referenceOf(this.#backend)!.session.broken(error);
  }

  // What the other end says, by way of the line

  get isServed(): boolean {
    return this.#backend !== undefined;
  }

  heldAt(number: unknown): Holding | undefined {
    return this.#held.get(number);
  }

  hostedAt(id: unknown): HostedSocket | undefined {
    return this.#sockets.get(id as number);
  }

  serve(backend: object): void {
    if (this.#backend !== undefined) return;
    this.#backend = backend;
    for (const [what, args] of this.#untold.splice(0)) this.tell(what, args);
  }

  answer(number: number, args: readonly unknown[]): void {
    // Who has not introduced itself could not be told when to wait.
    if (this.#backend === undefined) return;
    const holding = this.#held.get(number);
    if (holding !== undefined) holding.exchange.answer(holding, args);
    else if (this.#answeredElsewhere.delete(number)) this.tell('refused', [number]);
  }

  /**
   * The session has ended, or what would have introduced it could not be sent: then it gets another. What fails for one request,
   * or for one socket, is none of the others' affair.
   */
  lost(): void {
    this.#isOver = true;
    Gateway.#all.delete(this.session);
    const hosteds = [...this.#sockets.values()];
    for (const holding of this.#held.clear()) this.#attempt(() => holding.exchange.lost(holding));
    for (const hosted of hosteds) this.#attempt(() => hosted.lost(this));
    this.#sockets.clear();
  }

  #attempt(what: () => void): void {
    try {
      what();
    } catch (error) {
      this.#failed('the end of a request', error);
    }
  }
}
