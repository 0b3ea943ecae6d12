import { disconnected, DynobotError, limitError, protocolError } from '../errors.js';
import { Ledger } from '../listeners/ledger.js';
import { Thrown } from '../proxies/outcome.js';
import { referenceOf, type Reference, type Session } from '../proxies/reference.js';
import { canSucceed, takeLooks } from '../proxies/succeed.js';
import type { Frame, Transport, TransportReceiver } from '../transports/transport.js';
import { PROTOCOL, VERB, VERSION, type Greeting, type RoleStep } from '../wire.js';
import { Answers } from './answers.js';
import { Callee } from './callee.js';
import { Caller } from './caller.js';
import { Calls } from './calls.js';
import { Exports } from './exports.js';
import { Heartbeat } from './heartbeat.js';
import { Imports } from './imports.js';
import { InnerCallee } from './inner-callee.js';
import type { PeerOptions } from './options.js';
import { Outbox } from './outbox.js';
import type { PeerOwner } from './owner.js';
import { Gate, type Policy } from './policy.js';
import { Rate } from './rate.js';
import { Receiver, type Incoming, type Received } from './receiver.js';
import { References } from './references.js';
import type { RoleEnd, RolePost } from './role-end.js';
import { Sender } from './sender.js';
import { Mirrors, SentShapes } from './shapes.js';
import { Sources } from './sources.js';
import type { Tables } from './tables.js';
import { Way } from './way.js';

const NOBODY = { id: 0, client: '', pid: 0 };

/** Milliseconds that an ended session's last frames have to go out. */
const LINGER = 2000;

/**
 * One end of a session. Both ends run this same code. It is pure: transport, time and garbage collection are handed in.
 * It owns the tables, and empties them all when the session ends.
 */
export class Peer implements TransportReceiver, Received, RolePost {
  /** No calls are taken any more. */
  finishing = false;
  /** Resolves when the transport has closed, after the session's end. */
  readonly gone: Promise<void>;
  readonly ledger: Ledger;
  /** What is asked of the other side, and awaited. */
  readonly caller: Caller;
  /** Who stands still has to give it its turns himself. */
  readonly heartbeat: Heartbeat;
  /** The session as proxies have it: the caller, or one whose calls wait. */
  readonly session: Session;
  readonly #options: PeerOptions;
  readonly #outbox: Outbox;
  readonly #exports: Exports;
  readonly #imports: Imports;
  readonly #calls: Calls;
  readonly #answers: Answers;
  readonly #sender: Sender;
  readonly #callee: Callee;
  readonly #innerCallee: InnerCallee;
  readonly #receiver: Receiver;
  readonly #endHandshake: () => void;
  #left!: () => void;

  constructor(
    private readonly transport: Transport,
    private readonly owner: PeerOwner,
    options: PeerOptions,
  ) {
    const { platform, limits, shapes } = options;
    const kinds = transport.isPrivate === true ? options.kinds : (options.kindsForOthers ?? options.kinds);
    const failed = (where: string, error: unknown): void => owner.failed(error, where);
    this.#options = options;
    this.gone = new Promise((left) => (this.#left = left));
    this.#outbox = this.#makeOutbox();
    this.heartbeat = this.#makeHeartbeat();

    this.#exports = new Exports(limits.references, () => this.#sender.plain([VERB.collect]), failed, () => platform.collector?.loosened(), (fn) => {
      if (!this.ended) options.succession?.attached.released(fn as object);
    });
    this.#imports = new Imports(this, platform, limits.references, (id, receipts) => this.#outbox.release(id, receipts));
    this.#calls = new Calls(platform, (call) => this.#sender.plain([VERB.abort, call]));
    this.#answers = new Answers(limits.calls);
    const isKnown = (emitter: object): boolean => this.#exports.has(emitter) || kinds.of(emitter) !== undefined;
    this.ledger = new Ledger({ platform, label: () => this.label, most: limits.listeners, mostOfNewcomer: limits.newcomer, isKnown, failed });

    this.caller = new Caller(options.label, this.#calls, this.#exports, this.#imports, options, (error, where) => owner.failed(error, where), (error) => this.end(error));
    const blocking = options.blocking?.(this);
    this.session = blocking ?? this.caller;
    const mirrors = new Mirrors(blocking, platform.bases, limits.shapes);
    const sentShapes = new SentShapes((id, definition) => this.#sender.plain([VERB.shape, id, definition]));
    const tables = { exports: this.#exports, imports: this.#imports, sentShapes, mirrors };
    const references = new References(this.caller, this.session, tables, shapes, limits);
    const tellDropped = (args: readonly unknown[]): void => {
      try {
        kinds.dropped(args, references);
      } catch (error) {
        owner.failed(error, 'an event that was dropped');
      }
    };
    this.#sender = this.caller.sender = new Sender(this.#outbox, references, kinds, limits, (args) => platform.defer(() => tellDropped(args)));

    const gate = new Gate(() => owner.identity ?? NOBODY, (value) => this.#exports.find(value));
    const uncaught = options.contains === true ? (error: unknown) => owner.failed(error, 'a listener') : platform.uncaught;
    const carrying = { session: this.caller, answers: this.#answers, around: { ledger: this.ledger, gate }, exports: this.#exports, sender: this.#sender, rate: new Rate(limits.callsPerSecond, platform.now), uncaught };
    this.#callee = new Callee(carrying, platform);
    this.#innerCallee = new InnerCallee({ ...carrying, calls: this.#calls, references });
    // Named one by one: what is spread into an object gives each a hidden class of its own, and who reads from many is slow.
    this.#receiver = new Receiver(
      { exports: this.#exports, imports: this.#imports, mirrors, calls: this.#calls, callee: this.#callee, innerCallee: this.#innerCallee, turns: blocking, references, kinds, limits },
      this,
    );
    this.#endHandshake = platform.after(limits.handshake, () => {
      this.end(limitError('HANDSHAKE', `no greeting came within ${limits.handshake} ms (limits.handshake)`));
    });
  }

  #makeOutbox(): Outbox {
    const { platform, slowReader: policy, limits: { queue } } = this.#options;
    const sources = new Sources(() => this.ledger, (error) => this.owner.failed(error, 'pausing for a slow reader'));
    return new Outbox(this.transport, platform.defer, {
      policy,
      most: queue,
      pause: (paused) => sources.pause(paused),
      exceeded: () => this.end(limitError('QUEUE', `${this.label} reads too slowly: more than ${queue} bytes wait for it (limits.queue)`), 'cut'),
    }, (error) => this.end(disconnected('the transport failed', error), 'cut'));
  }

  #makeHeartbeat(): Heartbeat {
    const { platform, limits: { heartbeat: within } } = this.#options;
    return new Heartbeat({
      platform,
      within,
      hasSent: () => this.#outbox.hasSent(),
      beat: () => {
        this.#sender.plain([VERB.beat]);
        this.flush();
      },
      stopped: () => this.end(limitError('HEARTBEAT', `nothing was heard of ${this.label} for ${within} ms (limits.heartbeat)`), 'cut'),
    });
  }

  get ended(): boolean {
    return this.caller.ended;
  }

  /** Who is on the other side, for people. */
  get label(): string {
    return this.caller.label;
  }

  set label(label: string) {
    this.caller.label = label;
  }

  get tables(): Tables {
    return {
      exports: this.#exports.size,
      imports: this.#imports.size,
      calls: this.#calls.size,
      answers: this.#answers.size,
      listeners: this.ledger.size,
    };
  }

  /** Begins: greets the other side, and publishes services to it. */
  open(greeting: Greeting, services: Iterable<[name: string, service: object]>, policies?: ReadonlyMap<string, Policy>): void {
    const { heartbeat } = this.#options.limits;
    this.#sender.plain([VERB.hello, PROTOCOL, VERSION, heartbeat > 0 ? { ...greeting, heartbeat } : greeting]);
    for (const [name, service] of services) this.publish(name, service, policies?.get(name));
    // Attachments of what follows are not gathered, and would overtake the greeting.
    this.#outbox.flush();
    this.transport.open(this);
  }

  /** `policy`: what of it, and of what it hands out, the other side may reach. */
  publish(name: string, service: object, policy?: Policy): void {
    const way = policy && new Way(name, policy);
    if (way !== undefined) this.caller.restricts = true;
    this.#exports.along(way, () => this.#sender.service(name, service));
    // It may have been withdrawn before, and still be held.
    const entry = this.#exports.find(service);
    if (entry === undefined) return;
    entry.withdrawn = false;
    if (way !== undefined) entry.way = way;
    else if (entry.way !== undefined) delete entry.way;
  }

  /** The service is gone: what is attached to it is detached, and every use of it fails. */
  withdraw(service: object): void {
    this.ledger.detachFrom(service);
    const entry = this.#exports.find(service);
    if (entry !== undefined) entry.withdrawn = true;
  }

  /** The service has that name no more. */
  unpublish(name: string): void {
    this.#sender.service(name, null);
  }

  /** Lets a proxy of an earlier session stand for what has arrived, if it can. Returns the one that does. */
  adopt(arrived: object, known: object): object {
    if (referenceOf(known)?.session === this.session || !canSucceed(known, arrived)) return arrived;
    this.#imports.adopt(referenceOf(arrived)!, known);
    takeLooks(known, arrived);
    return known;
  }

  refused(where: string, error: unknown): void {
    if (!this.ended) this.owner.failed(error, where);
  }

  /** A call that was put aside, when its turn has come. Returns what it threw at once, if somebody stands still for it. */
  carryOut({ call, course, entry, request }: Incoming): Thrown | undefined {
    if (course !== undefined) return this.#innerCallee.try(call, course, entry, request);
    if (call === 0) this.#callee.cast(entry, request);
    else this.#callee.call(call, entry, request);
    return undefined;
  }

  /** The answer to a call that was put aside and will not be carried out. */
  dismiss({ call }: Incoming): void {
    if (call > 0) this.#sender.answer(call, undefined);
  }

  /** What waits goes out at once. */
  flush(): void {
    this.#outbox.flush();
  }

  // What a role asks of its session

  get role(): RoleEnd {
    if (this.owner.role === undefined) throw protocolError('it speaks of a role, and has none');
    return this.owner.role;
  }

  event(event: number, listeners: readonly Reference[], args: unknown[], receiver: unknown): void {
    const way = this.caller.restricts && listeners[0] !== undefined ? this.#imports.wayOf(listeners[0]) : undefined;
    if (!this.ended) this.#exports.handOut(way, args, (given) => this.#sender.event(event, listeners, given, receiver));
  }

  handled(taken: number, begun: number[], settled: number[]): void {
    this.#sender.plain([VERB.handled, taken, begun, settled]);
  }

  step(step: RoleStep, value?: unknown): void {
    this.#sender.step(step, value);
  }

  idle(): Promise<void> {
    const [calls, answers] = [this.#calls, this.#answers];
    return new Promise((resolve) => {
      calls.emptied = answers.emptied = () => {
        if (calls.size > 0 || answers.size > 0) return;
        calls.emptied = answers.emptied = undefined;
        resolve();
      };
      calls.emptied();
    });
  }

  // What the transport tells

  frame(frame: Frame): void {
    if (this.ended) return;
    this.heartbeat.heard();
    try {
      this.#receiver.frame(frame);
    } catch (error) {
      this.end(error instanceof DynobotError ? error : Object.assign(protocolError('a message could not be handled'), { cause: error }));
    }
  }

  drained(): void {
    this.#outbox.drained();
  }

  closed(error?: Error): void {
    this.#left();
    // The transport's own judgement of the peer, such as a frame that is too long, is the reason; anything else is a loss.
    const isJudged = error instanceof DynobotError && error.kind !== 'disconnected';
    this.end(isJudged ? error : disconnected(`the connection to ${this.label} was lost`, error), 'closed');
  }

  // What the receiver hands on

  greeted(greeting: Greeting): void {
    this.#endHandshake();
    this.heartbeat.begin(greeting.heartbeat);
    this.owner.greeted(greeting);
  }

  service(name: string, proxy: unknown): void {
    const reference = typeof proxy === 'object' || typeof proxy === 'function' ? referenceOf(proxy as object) : undefined;
    if (proxy !== undefined && reference?.session !== this.session) throw protocolError('a service is not a reference');
    if (reference !== undefined) reference.called = name;
    this.owner.service(name, proxy as object | undefined);
  }

  failed(error: unknown, where: string): void {
    this.owner.failed(error, where);
  }

  missed(count: number): void {
    this.owner.missed?.(count);
  }

  collect(): void {
    this.#options.platform.collector?.asked();
  }

  bye(reason: DynobotError | undefined): void {
    this.end(reason, 'told');
  }

  uncaught(error: unknown): void {
    this.#options.platform.uncaught(error);
  }

  // The end

  /**
   * Ends the session: everything that it owns goes, on this side at once, on the other when it hears of it.
   *
   * @param how `told`: the other side has ended it; `closed`: the transport has gone; `cut`: it does not listen; otherwise
   *   the other side is told.
   */
  end(reason?: DynobotError, how?: 'told' | 'closed' | 'cut'): void {
    if (this.ended) return;
    if (how === undefined) this.#sender.bye(reason);
    // That may have been too much for the other side, or for the transport: then it is ended.
    if (this.ended) return;
    this.caller.ended = true;
    this.#endHandshake();
    this.heartbeat.end();
    this.#outbox.close();
    const cleaned = this.#clear(reason);
    this.#leave(how);
    this.owner.ended(reason, cleaned);
  }

  /** A transport of the user's own may throw, although it must not. */
  #leave(how: 'told' | 'closed' | 'cut' | undefined): void {
    try {
      if (how === 'cut') return this.transport.destroy();
      this.transport.close();
    } catch (error) {
      this.#left();
      this.owner.failed(error, 'the transport');
    }
    if (how !== 'closed') {
      // A peer that does not read would keep an orderly end waiting.
      const callOff = this.#options.platform.after(LINGER, () => this.transport.destroy());
      void this.gone.then(callOff);
    }
  }

  /**
   * Ends the session when what it has begun is done and sent, or when the time is up. Until then the other side's calls
   * are refused, except those by which streams and iterators go on.
   */
  async finish(deadline: number): Promise<void> {
    this.finishing = true;
    if (deadline === 0) {
      this.end();
      // What is said last goes out at the end of this turn.
      return Promise.race([this.gone, new Promise<void>((over) => this.#options.platform.after(0, over))]);
    }
    if (this.ended) return this.gone;
    const callOff = this.#options.platform.after(deadline, () => {
      this.end();
      this.#leave('cut');
    });
    await Promise.race([this.idle().then(() => this.#outbox.empty()), this.gone]);
    this.end();
    await this.gone;
    callOff();
  }

  /** Events of this side's that were dropped because the other reads too slowly. */
  get dropped(): number {
    return this.#outbox.dropped;
  }

  /** What a call fails with that waits. Who stands still hears of the end by this alone, until its event loop is reached. */
  #failure(reason: DynobotError | undefined): DynobotError {
    const isUnheard = this.#options.blocking !== undefined && reason?.code === 'ERR_DYNOBOT_LIMIT_HEARTBEAT';
    return isUnheard ? limitError('HEARTBEAT', reason.message) : disconnected(`the session with ${this.label} has ended`, reason);
  }

  #clear(reason: DynobotError | undefined): Tables {
    return {
      listeners: this.ledger.detachAll(),
      calls: this.#calls.failAll(() => this.#failure(reason)),
      answers: this.#answers.clear(),
      exports: this.#exports.clear(),
      imports: this.#imports.clear(),
    };
  }
}

