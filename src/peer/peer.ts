import { disconnected, DynobotError, limitError, protocolError } from '../errors.js';
import { Ledger } from '../listeners/ledger.js';
import type { Limits } from '../limits.js';
import type { Platform } from '../platform.js';
import { currentCourse } from '../proxies/course.js';
import { listenFromAfar } from '../proxies/listening.js';
import type { Answer } from '../proxies/listening-styles.js';
import { meansOutcome, Outcome, Thrown } from '../proxies/outcome.js';
import { referenceOf, type CallOptions, type Reference, type Session, type Succession } from '../proxies/reference.js';
import { canSucceed, takeLooks } from '../proxies/succeed.js';
import type { Shapes } from '../proxies/shape.js';
import type { Frame, Transport, TransportReceiver } from '../transports/transport.js';
import type { Kinds } from '../values/kinds.js';
import { isWaitedOn } from '../values/carrier.js';
import { ObservedPromise } from '../values/observed-promise.js';
import { OPERATION, PROTOCOL, VERB, VERSION, type Greeting, type Operation, type RoleStep } from '../wire.js';
import { Answers } from './answers.js';
import { Callee } from './callee.js';
import { Calls } from './calls.js';
import { Exports } from './exports.js';
import { Heartbeat } from './heartbeat.js';
import { Imports } from './imports.js';
import { Outbox } from './outbox.js';
import { Gate, Way, type GuardedCall, type Policy } from './policy.js';
import { InnerCallee } from './inner-callee.js';
import { Rate } from './rate.js';
import { Receiver, type Incoming, type Received, type Turns } from './receiver.js';
import { References } from './references.js';
import { Releases } from './releases.js';
import type { RoleEnd, RolePost } from './role-end.js';
import { Sender } from './sender.js';
import { Mirrors, SentShapes } from './shapes.js';
import { SlowReader, type SlowPolicy } from './slow-reader.js';
import { Sources } from './sources.js';

/** Who owns a peer is told of these. None of them may throw. */
export interface PeerOwner {
  /** Who the other side is, for guards. */
  readonly identity?: GuardedCall['session'];
  /** The other side has greeted us. */
  greeted(greeting: Greeting): void;
  /** A service of the other side came (a proxy) or went (undefined). */
  service(name: string, proxy: object | undefined): void;
  /** Something failed that nobody waits for. */
  failed(error: unknown, where: string): void;
  /** So many events for this side were dropped, because it reads too slowly. */
  missed?(count: number): void;
  /** What this end does for a role, if the session has one. */
  readonly role?: RoleEnd | undefined;
  /** The session has ended; everything of it is gone. */
  ended(reason: DynobotError | undefined, cleaned: Tables): void;
}

export interface PeerOptions {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly kinds: Kinds;
  /** For a session whose other end may be another user's. If it is not given, `kinds` are for all. */
  readonly kindsForOthers?: Kinds;
  readonly shapes: Shapes;
  /** Milliseconds within which calls must be answered; 0: no deadline. */
  readonly timeout: number;
  /**
   * Whether the answer of a call may be ignored without risk. A host's code calls what clients gave it, and must not end
   * by an unhandled rejection because one of them has gone; a client's forgotten rejection is its own, as with any promise.
   */
  readonly mayIgnoreAnswers: boolean;
  /** What is done when the other side reads too slowly. */
  readonly slowReader: SlowPolicy;
  /** What listeners of ours throw is told to the owner. Otherwise it is the process's own uncaught error. */
  readonly contains?: boolean;
  /** Who is on the other side, until it says so itself. */
  readonly label: string;
  /** If there can be another session after this one. */
  readonly succession?: Succession;
  /** What makes a client one that blocks. Without it, calls are awaited. */
  readonly blocking?: (peer: Peer) => Blocking;
}

/** A session whose calls wait, and which decides when the other side's are carried out. */
export interface Blocking extends Session, Turns {}

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

const NOBODY = { id: 0, client: '', pid: 0 };

/** Milliseconds that an ended session's last frames have to go out. */
const LINGER = 2000;

/**
 * One end of a session. Both ends run this same code. It is pure: transport, time and garbage collection are handed in.
 * It owns the tables, and empties them all when the session ends.
 */
export class Peer implements Session, TransportReceiver, Received, RolePost {
  label: string;
  ended = false;
  /** No calls are taken any more. */
  finishing = false;
  /** Resolves when the transport has closed, after the session's end. */
  readonly gone: Promise<void>;
  readonly ledger: Ledger;
  readonly #options: PeerOptions;
  readonly #defaults: CallOptions | undefined;
  /** The session as proxies have it: this, or one whose calls wait. */
  readonly #proxies: Session;
  readonly #outbox: Outbox;
  readonly #exports: Exports;
  readonly #imports: Imports;
  readonly #calls: Calls;
  readonly #answers: Answers;
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  /** Some service has a policy. */
  #restricts = false;
  readonly #slow: SlowReader;
  readonly #heartbeat: Heartbeat;
  readonly #callees: { callee: Callee; innerCallee: InnerCallee };
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
    this.label = options.label;
    this.gone = new Promise((left) => (this.#left = left));
    this.#defaults = options.timeout > 0 ? { timeout: options.timeout } : undefined;

    const releases = new Releases();
    const sources = new Sources(() => this.ledger, (error) => failed('pausing for a slow reader', error));
    this.#slow = new SlowReader(transport, {
      policy: options.slowReader,
      most: limits.queue,
      pause: (paused) => sources.pause(paused),
      exceeded: () => this.end(limitError('QUEUE', `${this.label} reads too slowly: more than ${limits.queue} bytes wait for it (limits.queue)`), 'cut'),
    });
    this.#outbox = new Outbox(transport, releases, platform.defer, this.#slow, (error) => this.end(disconnected('the transport failed', error), 'cut'));
    this.#heartbeat = new Heartbeat({
      platform,
      within: limits.heartbeat,
      hasSent: () => this.#outbox.hasSent(),
      beat: () => {
        this.#sender.plain([VERB.beat]);
        this.#outbox.flush();
      },
      stopped: () => this.end(limitError('HEARTBEAT', `nothing was heard of ${this.label} for ${limits.heartbeat} ms (limits.heartbeat)`), 'cut'),
    });
    this.#exports = new Exports(limits.references, () => this.#sender.plain([VERB.collect]), failed, () => platform.collector?.loosened(), (fn) => {
      if (!this.ended) this.succession?.attached.released(fn as object);
    });
    this.#imports = new Imports(this, platform, limits.references, (id, receipts) => {
      releases.add(id, receipts);
      this.#outbox.schedule();
    });
    this.#calls = new Calls(platform, (call) => this.#sender.plain([VERB.abort, call]));
    this.#answers = new Answers(limits.calls);
    const isKnown = (emitter: object): boolean => this.#exports.has(emitter) || kinds.of(emitter) !== undefined;
    this.ledger = new Ledger({ platform, label: () => this.label, most: limits.listeners, mostOfNewcomer: limits.newcomer, isKnown, failed });

    const blocking = options.blocking?.(this);
    this.#proxies = blocking ?? this;
    const mirrors = new Mirrors(this.#proxies, platform.bases, limits.shapes);
    const sentShapes = new SentShapes((id, definition) => this.#sender.plain([VERB.shape, id, definition]));
    const tables = { exports: this.#exports, imports: this.#imports, sentShapes, mirrors };
    const references = new References(this, this.#proxies, tables, shapes, limits);
    this.#sender = new Sender(this.#outbox, references, kinds, limits);
    const gate = new Gate(() => owner.identity ?? NOBODY, (value) => this.#exports.find(value));
    const uncaught = options.contains === true ? (error: unknown) => owner.failed(error, 'a listener') : platform.uncaught;
    const rate = new Rate(limits.callsPerSecond, platform.now);
    const around = { ledger: this.ledger, gate };
    const callee = new Callee(this.#answers, around, this.#exports, this.#sender, { ...platform, uncaught }, rate);
    const innerCallee = new InnerCallee({ session: this, answers: this.#answers, around, exports: this.#exports, sender: this.#sender, calls: this.#calls, references, uncaught, rate });
    this.#callees = { callee, innerCallee };
    this.#receiver = new Receiver({ ...tables, calls: this.#calls, callee, innerCallee, turns: blocking, references, kinds, limits }, this);
    this.#endHandshake = platform.after(limits.handshake, () => {
      this.end(limitError('HANDSHAKE', `no greeting came within ${limits.handshake} ms (limits.handshake)`));
    });
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
    if (way !== undefined) this.#restricts = true;
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
    if (referenceOf(known)?.session === this || !canSucceed(known, arrived)) return arrived;
    this.#imports.adopt(referenceOf(arrived)!, known);
    takeLooks(known, arrived);
    return known;
  }

  // What stand-ins ask of their session

  get succession(): Succession | undefined {
    return this.#options.succession;
  }

  unusable(to: Reference): DynobotError | undefined {
    if (!this.ended) return to.released ? new DynobotError('ERR_DYNOBOT_RELEASED', 'the reference was released') : undefined;
    const state = this.succession?.state ?? 'over';
    if (state === 'over') return disconnected(`${this.label} is not connected any more`);
    const name = to.called;
    if (name === undefined) return new DynobotError('ERR_DYNOBOT_STALE', `${nameOfReference(to)} was of ${this.label} before it went. Ask a service for it again`);
    if (state === 'awaited') return disconnected(`${this.label} has gone; the connection waits for it to come back`);
    return new DynobotError('ERR_DYNOBOT_NO_SERVICE', `${this.label} has come back without the service ${name}`);
  }

  call(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown, options?: CallOptions): Promise<unknown> {
    if (currentCourse() !== undefined) return this.#askInner(to, operation, name, args, receiver, options);
    const answer = this.#ask(to, operation, name, args, receiver, options);
    return this.#options.mayIgnoreAnswers ? this.#observed(answer, to, name) : answer;
  }

  callback(to: Reference, args: unknown[], receiver: unknown): Promise<unknown> {
    if (currentCourse() !== undefined) return this.#askInner(to, OPERATION.apply, 0, args, receiver, undefined);
    return this.#observed(this.#ask(to, OPERATION.apply, 0, args, receiver, undefined), to, 0);
  }

  cast(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown): Promise<unknown> | undefined {
    if (this.ended || to.released) return this.#notSent(to, operation, name);
    if ((currentCourse()?.callOf(this) ?? 0) > 0) return this.#askInner(to, operation, name, args, receiver, undefined, true);
    const way = this.#restricts ? this.#imports.wayOf(to) : undefined;
    if (way === undefined) this.#sender.call(0, to, operation, name, args, receiver);
    else this.#exports.along(way, () => this.#sender.call(0, to, operation, name, args, receiver));
    return undefined;
  }

  read(to: Reference, name: string, options: CallOptions | undefined): Promise<unknown> {
    return new ObservedPromise((resolve) => resolve(this.call(to, OPERATION.get, name, [], undefined, options)));
  }

  assign(to: Reference, name: string, value: unknown): void {
    this.cast(to, OPERATION.set, name, [value]);
  }

  listening(to: Reference, name: string, answer: Answer, args: unknown[], proxy: object, isDeclared: boolean): unknown {
    if (currentCourse() === undefined) return listenFromAfar(to, name, answer, args, proxy, isDeclared);
    const answered = this.#askInner(to, OPERATION.method, name, args, undefined, undefined);
    this.listens(args);
    return answered;
  }

  /** While a host is waited for, an assignment is not lost in silence. Events, and what detaches, have nobody to miss them. */
  #notSent(to: Reference, operation: Operation, name: string | 0): undefined {
    const isOver = (this.succession?.state ?? 'over') === 'over';
    if (operation === OPERATION.set && !isOver && !to.released) this.owner.failed(this.unusable(to), nameOf(to, name));
  }

  notify(to: Reference, args: unknown[], receiver: unknown): Promise<unknown> {
    const handled = this.#ask(to, OPERATION.notify, 0, args, receiver, { timeout: 0 });
    handled.catch((error: unknown) => this.refused('an event', error));
    return handled;
  }

  listens(args: readonly unknown[]): void {
    for (const arg of args) {
      const entry = typeof arg === 'function' ? this.#exports.find(arg) : undefined;
      if (entry !== undefined) entry.listens = true;
    }
  }

  refused(where: string, error: unknown): void {
    if (!this.ended) this.owner.failed(error, where);
  }

  release(reference: Reference): void {
    this.#imports.release(reference);
  }

  #ask(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown, options: CallOptions | undefined): Promise<unknown> {
    try {
      const unusable = this.ended || to.released ? this.unusable(to) : undefined;
      if (unusable !== undefined) throw unusable;
      const call = this.#calls.nextId();
      const way = this.#restricts ? this.#imports.wayOf(to) : undefined;
      this.#exports.along(way, () => this.#sender.call(call, to, operation, name, args, receiver));
      if (this.ended) throw disconnected(`${this.label} is not connected any more`);
      const within = this.#optionsOf(to, options);
      return within === undefined ? this.#calls.wait(call) : this.#calls.waitWithin(call, nameOf(to, name), within);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /**
   * Asks without a promise, for somebody who stands still. `settle` is told the outcome as it is. Returns the call's number.
   *
   * @throws DynobotError as a call does that cannot be sent
   */
  ask(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown, settle: (outcome: unknown) => void, isEvent = false): number {
    const unusable = this.ended || to.released ? this.unusable(to) : undefined;
    if (unusable !== undefined) throw unusable;
    const course = currentCourse();
    const call = this.#calls.nextId();
    const way = this.#restricts ? this.#imports.wayOf(to) : undefined;
    const of = isEvent ? course?.callOf(this) : course?.courseFor(this);
    this.#exports.along(way, () => this.#sender.inner(of ?? 0, call, to, operation, name, args, receiver));
    if (this.ended) throw disconnected(`${this.label} is not connected any more`);
    this.#calls.open(call, settle, course);
    return call;
  }

  /** The promise of what is asked in a course; hosted code may ignore it, or answer with it. */
  #askInner(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown, options: CallOptions | undefined, isEvent = false): Promise<unknown> {
    const course = currentCourse()!;
    const outcome = new Outcome();
    // Who stands still has what its own listener has thrown already.
    const isBack = course.callOf(this) > 0;
    let isTold = !isBack;
    try {
      const call = this.ask(to, operation, name, args, receiver, (value) => outcome.settle(value), isEvent);
      const limits = this.#optionsOf(to, options);
      if (limits !== undefined) this.#calls.watch(call, nameOf(to, name), limits);
    } catch (error) {
      outcome.settle(new Thrown(error, true));
      isTold = true;
    }
    const answer = new ObservedPromise<unknown>(
      (resolve, reject) => outcome.tell((value) => (value instanceof Thrown ? reject(value.error as Error) : resolve(value))),
      (error) => isTold && !outcome.isAnswer && this.refused(nameOf(to, name), error),
    );
    if (isBack) course.calledBack(this, answer);
    return meansOutcome(answer, outcome);
  }

  /** A call that was put aside, when its turn has come. Returns what it threw at once, if somebody stands still for it. */
  carryOut({ call, course, entry, request }: Incoming): Thrown | undefined {
    if (course !== undefined) return this.#callees.innerCallee.try(call, course, entry, request);
    if (call === 0) this.#callees.callee.cast(entry, request);
    else this.#callees.callee.call(call, entry, request);
    return undefined;
  }

  /** The call is given up by who has asked: the other side is told, and its answer goes nowhere. */
  giveUp(call: number): void {
    this.#calls.giveUp(call, undefined);
  }

  /** The answer to a call that was put aside and will not be carried out. */
  dismiss({ call }: Incoming): void {
    if (call > 0) this.#sender.answer(call, undefined);
  }

  /** Milliseconds after which somebody who stands still, whose timers stand still as well, has to beat. */
  get beatEvery(): number {
    return this.#heartbeat.beatEvery;
  }

  beat(): void {
    this.#sender.plain([VERB.beat]);
  }

  /** What waits goes out at once. */
  flush(): void {
    this.#outbox.flush();
  }

  #optionsOf(to: Reference, options: CallOptions | undefined): CallOptions | undefined {
    if (this.#defaults === undefined || isWaitedOn(to.proxy?.deref())) return options;
    return { ...this.#defaults, ...options };
  }

  /** A failure that nobody looks at is told on the error channel; that the session has ended is no failure. */
  #observed(answer: Promise<unknown>, to: Reference, name: string | 0): Promise<unknown> {
    return new ObservedPromise((resolve) => resolve(answer), (error) => this.refused(nameOf(to, name), error));
  }

  // What a role asks of its session

  get role(): RoleEnd {
    if (this.owner.role === undefined) throw protocolError('it speaks of a role, and has none');
    return this.owner.role;
  }

  event(event: number, listeners: readonly Reference[], args: unknown[], receiver: unknown): void {
    const way = this.#restricts && listeners[0] !== undefined ? this.#imports.wayOf(listeners[0]) : undefined;
    if (!this.ended) this.#exports.along(way, () => this.#sender.event(event, listeners, args, receiver));
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
    this.#heartbeat.heard();
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
    this.#heartbeat.begin(greeting.heartbeat);
    this.owner.greeted(greeting);
  }

  service(name: string, proxy: unknown): void {
    const reference = typeof proxy === 'object' || typeof proxy === 'function' ? referenceOf(proxy as object) : undefined;
    if (proxy !== undefined && reference?.session !== this.#proxies) throw protocolError('a service is not a reference');
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
    if (how === undefined) {
      this.#sender.plain([VERB.bye, reason?.code ?? '', reason?.message ?? '']);
      this.#outbox.flush();
    }
    this.ended = true;
    this.#endHandshake();
    this.#heartbeat.end();
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
    if (deadline === 0 || this.ended) {
      this.end();
      return this.gone;
    }
    const callOff = this.#options.platform.after(deadline, () => {
      this.end();
      this.#leave('cut');
    });
    await Promise.race([this.idle(), this.gone]);
    this.end();
    await this.gone;
    callOff();
  }

  /** Events of this side's that were dropped because the other reads too slowly. */
  get dropped(): number {
    return this.#slow.dropped;
  }

  #clear(reason: DynobotError | undefined): Tables {
    return {
      listeners: this.ledger.detachAll(),
      calls: this.#calls.failAll(() => disconnected(`the session with ${this.label} has ended`, reason)),
      answers: this.#answers.clear(),
      exports: this.#exports.clear(),
      imports: this.#imports.clear(),
    };
  }
}

function nameOf(to: Reference, name: string | 0): string {
  return name === 0 ? `${nameOfReference(to)}()` : `${nameOfReference(to)}.${name}()`;
}

function nameOfReference(to: Reference): string {
  return to.called ?? to.mirror?.shape.name ?? 'a function';
}
