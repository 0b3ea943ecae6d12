import { CODES, disconnected, DynobotError, protocolError, type ErrorCode } from '../errors.js';
import { Ledger } from '../listeners/ledger.js';
import type { Limits } from '../limits.js';
import type { Platform } from '../platform.js';
import { referenceOf, type CallOptions, type Reference, type Session } from '../proxies/reference.js';
import type { Shapes } from '../proxies/shape.js';
import type { Frame, Transport, TransportReceiver } from '../transports/transport.js';
import type { Kinds } from '../values/kinds.js';
import { ObservedPromise } from '../values/observed-promise.js';
import { Unpacker } from '../values/unpacker.js';
import { OPERATION, PROTOCOL, VERB, VERSION, type CallMessage, type Escapes, type Greeting, type Message, type Operation, type Packed } from '../wire.js';
import { Answers } from './answers.js';
import { Callee } from './callee.js';
import { Calls, Thrown } from './calls.js';
import { Exports } from './exports.js';
import { Imports } from './imports.js';
import { Inbox } from './inbox.js';
import { Outbox } from './outbox.js';
import { admit, type Request } from './perform.js';
import { References } from './references.js';
import { Releases } from './releases.js';
import { Sender } from './sender.js';
import { Mirrors, SentShapes } from './shapes.js';

/** Who owns a peer is told of these. None of them may throw. */
export interface PeerOwner {
  /** The other side has greeted us. */
  greeted(greeting: Greeting): void;
  /** A service of the other side came (a proxy) or went (undefined). */
  service(name: string, proxy: object | undefined): void;
  /** Something failed that nobody waits for. */
  failed(error: unknown, where: string): void;
  /** The session has ended; everything of it is gone. */
  ended(reason: DynobotError | undefined, cleaned: Tables): void;
}

export interface PeerOptions {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly kinds: Kinds;
  readonly shapes: Shapes;
  /** Milliseconds within which calls must be answered; 0: no deadline. */
  readonly timeout: number;
  /** Who is on the other side, until it says so itself. */
  readonly label: string;
}

/** How much of a session there is, on this side. All zero once it has ended. */
export interface Tables {
  /** Values of ours that the other side may refer to. */
  exports: number;
  /** Values of the other side's that we have proxies of. */
  imports: number;
  /** Our calls that wait for an answer. */
  calls: number;
  /** Calls of the other side's that we are working on. */
  answers: number;
  /** Listeners of the other side's on our objects. */
  listeners: number;
}

/** Milliseconds that an ended session's last frames have to go out. */
const LINGER = 2000;

/**
 * One end of a session. Both ends run this same code. It is pure: transport, time and garbage collection are handed in.
 */
export class Peer implements Session, TransportReceiver {
  label: string;
  ended = false;
  readonly #exports: Exports;
  readonly #imports: Imports;
  readonly #calls: Calls;
  readonly #answers: Answers;
  readonly #ledger: Ledger;
  readonly #mirrors: Mirrors;
  readonly #references: References;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #sender: Sender;
  readonly #callee: Callee;
  readonly #options: PeerOptions;
  readonly #defaults: CallOptions | undefined;
  #greeted = false;
  /** Resolves when the transport has closed, after the session's end. */
  readonly gone: Promise<void>;
  #left!: () => void;
  #cancelHandshake: () => void;

  constructor(
    private readonly transport: Transport,
    private readonly owner: PeerOwner,
    options: PeerOptions,
  ) {
    const { platform, limits, shapes } = options;
    const failed = (where: string, error: unknown): void => owner.failed(error, where);
    const releases = new Releases();
    this.label = options.label;
    this.gone = new Promise((resolve) => (this.#left = resolve));
    this.#options = options;
    this.#defaults = options.timeout > 0 ? { timeout: options.timeout } : undefined;
    this.#outbox = new Outbox(transport, releases, (flush) => platform.defer(flush));
    this.#inbox = new Inbox(limits, (message) => this.#handle(message));
    this.#exports = new Exports(limits.references, () => this.#sender.plain([VERB.collect]), failed);
    this.#imports = new Imports(this, platform, limits.references, (id, receipts) => {
      releases.add(id, receipts);
      this.#outbox.schedule();
    });
    this.#calls = new Calls(platform, (call) => this.#sender.plain([VERB.abort, call]));
    this.#answers = new Answers(limits.calls);
    this.#ledger = new Ledger({ platform, label: () => this.label, most: limits.listeners, failed });
    this.#mirrors = new Mirrors(platform.bases, limits.shapes);
    const sentShapes = new SentShapes((id, definition) => this.#sender.plain([VERB.shape, id, definition]));
    const tables = { exports: this.#exports, imports: this.#imports, sentShapes, mirrors: this.#mirrors };
    this.#references = new References(this, tables, shapes, limits);
    this.#sender = new Sender(this.#outbox, this.#references, options.kinds, limits.depth);
    this.#callee = new Callee(this.#answers, this.#ledger, this.#sender, platform.uncaught);
    this.#cancelHandshake = platform.after(limits.handshake, () => {
      this.end(new DynobotError('ERR_DYNOBOT_TIMEOUT', `no greeting came within ${limits.handshake} ms (limits.handshake)`));
    });
  }

  get tables(): Tables {
    return {
      exports: this.#exports.size, imports: this.#imports.size, calls: this.#calls.size, answers: this.#answers.size, listeners: this.#ledger.size,
    };
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Begins: greets the other side, and publishes services to it. */
  open(greeting: Greeting, services: Iterable<[name: string, service: object]>): void {
    this.#sender.plain([VERB.hello, PROTOCOL, VERSION, greeting]);
    for (const [name, service] of services) this.publish(name, service);
    this.transport.open(this);
  }

  publish(name: string, service: object): void {
    this.#sender.service(name, service);
  }

  /** The service is gone: what is attached to it is detached, and every use of it fails. */
  withdraw(name: string, service: object): void {
    this.#ledger.perform(service, 'removeAllListeners', []);
    const entry = this.#exports.find(service);
    if (entry !== undefined) entry.withdrawn = true;
    this.#sender.service(name, null);
  }

  // What stand-ins ask of their session

  call(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown, options?: CallOptions): Promise<unknown> {
    try {
      this.#mustBeUsable(to);
      const call = this.#calls.nextId();
      this.#sender.call(call, to, operation, name, args, receiver);
      return this.#calls.wait(call, this.#nameOf(to, name), options === undefined ? this.#defaults : { ...this.#defaults, ...options });
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  cast(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown): void {
    if (this.ended || to.released) return;
    this.#sender.call(0, to, operation, name, args, receiver);
  }

  callback(to: Reference, args: unknown[], receiver: unknown): Promise<unknown> {
    return new ObservedPromise(
      (resolve) => resolve(this.call(to, OPERATION.apply, 0, args, receiver)),
      (error) => {
        if (!this.ended) this.owner.failed(error, 'a callback');
      },
    );
  }

  uncaught(error: unknown): void {
    this.#options.platform.uncaught(error);
  }

  refused(where: string, error: unknown): void {
    if (!this.ended) this.owner.failed(error, where);
  }

  release(reference: Reference): void {
    this.#imports.release(reference);
  }

  #mustBeUsable(to: Reference): void {
    if (this.ended) throw disconnected(`${this.label} is not connected any more`);
    if (to.released) throw new DynobotError('ERR_DYNOBOT_RELEASED', 'the reference was released');
  }

  #nameOf(to: Reference, name: string | 0): string {
    const object = to.called ?? to.mirror?.shape.name ?? 'a function';
    return name === 0 ? `${object}()` : `${object}.${name}()`;
  }

  // Receiving

  frame(frame: Frame): void {
    if (this.ended) return;
    try {
      this.#inbox.frame(frame);
    } catch (error) {
      this.end(error instanceof DynobotError ? error : Object.assign(protocolError('a message could not be handled'), { cause: error }));
    }
  }

  drained(): void {}

  closed(error?: Error): void {
    this.#left();
    this.end(disconnected(`the connection to ${this.label} was lost`, error), 'closed');
  }

  /** Returns whether to go on with the next message. */
  #handle(message: Message): boolean {
    if (!this.#greeted && message[0] !== VERB.hello && message[0] !== VERB.bye) throw protocolError('it did not greet');
    switch (message[0]) {
      case VERB.call:
        this.#handleCall(message);
        break;
      case VERB.return:
        this.#calls.settle(message[1], this.#unpack(message[2], message[3]));
        break;
      case VERB.throw:
        this.#calls.settle(message[1], new Thrown(this.#unpack(message[2], message[3])));
        break;
      case VERB.release:
        this.#handleRelease(message);
        break;
      case VERB.abort:
        this.#answers.abort(message[1]);
        break;
      case VERB.fault:
        this.owner.failed(this.#unpack(message[2], message[3]), String(message[1]));
        break;
      case VERB.shape:
        this.#mirrors.described(message[1], message[2]);
        break;
      case VERB.service:
        this.#handleService(message[1], message[2]);
        break;
      case VERB.collect:
        this.#options.platform.collector?.asked();
        break;
      case VERB.hello:
        this.#handleHello(message[1], message[2], message[3]);
        break;
      case VERB.bye:
        this.#handleBye(message[1], message[2]);
        break;
      default:
        throw protocolError(`it sent a message of an unknown kind: ${JSON.stringify((message as unknown[])[0])}`);
    }
    return !this.ended;
  }

  #unpack(packed: Packed, escapes: Escapes): unknown {
    if (escapes === 0) return this.#inbox.plain(packed);
    if (!Number.isSafeInteger(escapes) || escapes < 0) throw protocolError('a message has a wrong number of attachments');
    return new Unpacker(this.#options.kinds, this.#references, this.#options.limits.depth, this.#inbox.take(escapes)).unpack(packed);
  }

  #handleCall([, call, target, operation, name, packedArgs, escapes, packedReceiver]: CallMessage): void {
    const entry = this.#exports.get(target);
    const args = this.#unpack(packedArgs, escapes);
    if (!Array.isArray(args)) throw protocolError('a call has no arguments');
    const receiver = packedReceiver === undefined ? undefined : this.#unpack(packedReceiver, 1);
    const request: Request = { operation, name, args, receiver };
    admit(entry, request);
    if (call === 0) this.#callee.cast(entry, request);
    else this.#callee.call(call, entry, request);
  }

  #handleRelease([, ...pairs]: number[]): void {
    for (let i = 0; i < pairs.length; i += 2) {
      const count = pairs[i + 1];
      if (!Number.isSafeInteger(count) || count! <= 0) throw protocolError('it releases a wrong number of receipts');
      this.#exports.release(pairs[i]!, count!);
    }
  }

  #handleHello(protocol: unknown, version: unknown, greeting: Greeting): void {
    if (this.#greeted || protocol !== PROTOCOL) throw protocolError('its greeting is wrong');
    if (version !== VERSION) {
      throw new DynobotError('ERR_DYNOBOT_VERSION', `this side speaks version ${VERSION} of the protocol, ${this.label} speaks version ${String(version)}`);
    }
    if (typeof greeting !== 'object' || greeting === null || typeof greeting.name !== 'string' || typeof greeting.services !== 'number') {
      throw protocolError('its greeting lacks its parts');
    }
    this.#greeted = true;
    this.#cancelHandshake();
    this.owner.greeted(greeting);
  }

  #handleService(name: unknown, packed: Packed): void {
    if (typeof name !== 'string') throw protocolError('a service has no name');
    const proxy = packed === null ? undefined : this.#unpack(packed, 1);
    const reference = proxy === undefined ? undefined : referenceOf(proxy as object);
    if (proxy !== undefined && reference?.session !== this) throw protocolError('a service is not a reference');
    if (reference !== undefined) reference.called = name;
    this.owner.service(name, proxy as object | undefined);
  }

  #handleBye(code: unknown, reason: unknown): void {
    const known = typeof code === 'string' && Object.hasOwn(CODES, code) ? (code as ErrorCode) : undefined;
    this.end(known === undefined ? undefined : new DynobotError(known, String(reason)), 'told');
  }

  // The end

  /**
   * Ends the session: everything that it owns goes, on this side at once, on the other when it hears of it.
   *
   * @param how `told`: the other side has ended it; `closed`: the transport has gone; otherwise the other side is told.
   */
  end(reason?: DynobotError, how?: 'told' | 'closed'): void {
    if (this.ended) return;
    if (how === undefined) this.#sender.plain([VERB.bye, reason?.code ?? '', reason?.message ?? '']);
    if (how === undefined) this.#outbox.flush();
    this.ended = true;
    this.#cancelHandshake();
    this.#outbox.close();
    const cleaned = this.#clear(reason);
    this.transport.close();
    // A peer that does not read would keep an orderly end waiting.
    this.#options.platform.after(LINGER, () => this.transport.destroy());
    this.owner.ended(reason, cleaned);
  }

  #clear(reason: DynobotError | undefined): Tables {
    const lost = disconnected(`the session with ${this.label} has ended`, reason);
    return {
      listeners: this.#ledger.detachAll(),
      calls: this.#calls.failAll(lost),
      answers: this.#answers.clear(),
      exports: this.#exports.clear(),
      imports: this.#imports.clear(),
    };
  }
}
