import { disconnected, DynobotError } from '../errors.js';
import { currentCourse, type Course } from '../proxies/course.js';
import { listenFromAfar, sentForListening } from '../proxies/listening.js';
import type { Answer } from '../proxies/listening-styles.js';
import { meansOutcome, Outcome, Thrown } from '../proxies/outcome.js';
import type { CallOptions, Reference, Session, Succession } from '../proxies/reference.js';
import { isWaitedOn } from '../values/carrier.js';
import { ObservedPromise } from '../values/observed-promise.js';
import { OPERATION, type Operation } from '../wire.js';
import type { Calls } from './calls.js';
import type { Exports } from './exports.js';
import type { Imports } from './imports.js';
import type { PeerOptions } from './options.js';
import type { Way } from './way.js';
import type { Sender } from './sender.js';

/** The session as its stand-ins have it: what is asked of the other side, and awaited. */
export class Caller implements Session {
  /** Of the peer, from the moment that it is made: it sends stand-ins, which ask this. */
  sender!: Sender;
  ended = false;
  /** Some service has a policy. */
  restricts = false;
  readonly #defaults: CallOptions | undefined;

  constructor(
    /** Who is on the other side. */
    public label: string,
    private readonly calls: Calls,
    private readonly exports: Exports,
    private readonly imports: Imports,
    private readonly options: Pick<PeerOptions, 'timeout' | 'mayIgnoreAnswers' | 'succession' | 'blocking'>,
    private readonly failed: (error: unknown, where: string) => void,
    readonly broken: (error: DynobotError) => void,
  ) {
    const { timeout } = options;
    this.#defaults = timeout > 0 ? { timeout } : undefined;
  }

  get succession(): Succession | undefined {
    return this.options.succession;
  }

  unusable(to: Reference): DynobotError | undefined {
    if (!this.ended) return to.released ? new DynobotError('ERR_DYNOBOT_RELEASED', 'the reference was released') : undefined;
    const state = this.succession?.state ?? 'over';
    if (state === 'over') return disconnected(`${this.label} is not connected any more`);
    const name = to.called;
    if (name === undefined) return new DynobotError('ERR_DYNOBOT_STALE', `${to.label} was of ${this.label} before it went. Ask a service for it again`);
    if (state === 'awaited') return disconnected(`${this.label} has gone; the connection waits for it to come back`);
    return new DynobotError('ERR_DYNOBOT_NO_SERVICE', `${this.label} has come back without the service ${name}`);
  }

  call(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown, options?: CallOptions): Promise<unknown> {
    if (currentCourse() !== undefined) return this.#askInner(to, operation, name, args, receiver, options);
    const answer = this.#ask(to, operation, name, args, receiver, options);
    return this.options.mayIgnoreAnswers ? this.#observed(answer, to, name) : answer;
  }

  callback(to: Reference, args: unknown[], receiver: unknown): Promise<unknown> {
    if (currentCourse() !== undefined) return this.#askInner(to, OPERATION.apply, 0, args, receiver, undefined);
    return this.#observed(this.#ask(to, OPERATION.apply, 0, args, receiver, undefined), to, 0);
  }

  cast(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown): Promise<unknown> | undefined {
    if (this.ended || to.released) return this.#notSent(to, operation, name);
    if ((currentCourse()?.callOf(this) ?? 0) > 0) return this.#askInner(to, operation, name, args, receiver, undefined, true);
    this.#send(0, to, operation, name, args, receiver);
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
    const sent = isDeclared ? args : sentForListening(to, name, args);
    const answered = this.#askInner(to, OPERATION.method, name, sent, undefined, undefined);
    this.listens(sent);
    return answered;
  }

  /** While a host is waited for, an assignment is not lost in silence. Events, and what detaches, have nobody to miss them. */
  #notSent(to: Reference, operation: Operation, name: string | 0): undefined {
    const isOver = (this.succession?.state ?? 'over') === 'over';
    if (operation === OPERATION.set && !isOver && !to.released) this.failed(this.unusable(to), nameOf(to, name));
  }

  notify(to: Reference, args: unknown[], receiver: unknown): Promise<unknown> {
    const handled = this.#ask(to, OPERATION.notify, 0, args, receiver, { timeout: 0 });
    handled.catch((error: unknown) => this.refused('an event', error));
    return handled;
  }

  listens(args: readonly unknown[]): void {
    for (const arg of args) {
      const entry = typeof arg === 'function' ? this.exports.find(arg) : undefined;
      if (entry !== undefined) entry.listens = true;
    }
  }

  refused(where: string, error: unknown): void {
    if (!this.ended) this.failed(error, where);
  }

  release(reference: Reference): void {
    this.imports.release(reference);
  }

  #ask(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown, options: CallOptions | undefined): Promise<unknown> {
    try {
      const unusable = this.ended || to.released ? this.unusable(to) : undefined;
      if (unusable !== undefined) throw unusable;
      const call = this.calls.nextId();
      this.#send(call, to, operation, name, args, receiver);
      if (this.ended) throw disconnected(`${this.label} is not connected any more`);
      const within = this.#optionsOf(to, options);
      return within === undefined ? this.calls.wait(call) : this.calls.waitWithin(call, nameOf(to, name), within);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** What a callback is given is restricted as the callback is itself. */
  #send(call: number, to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown): void {
    const way = this.restricts ? this.imports.wayOf(to) : undefined;
    if (way === undefined) this.sender.call(call, to, operation, name, args, receiver);
    else this.#sendAlong(way, call, to, operation, name, args, receiver);
  }

  #sendAlong(way: Way, ...[call, to, operation, name, args, receiver]: Parameters<Sender['call']>): void {
    this.exports.handOut(way, args, (given) => this.sender.call(call, to, operation, name, given, receiver));
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
    const call = this.calls.nextId();
    const way = this.restricts ? this.imports.wayOf(to) : undefined;
    this.exports.handOut(way, args, (given) => this.sender.inner(this.#courseOnWire(course, isEvent), call, to, operation, name, given, receiver));
    if (this.ended) throw disconnected(`${this.label} is not connected any more`);
    this.calls.open(call, settle, course);
    return call;
  }

  #courseOnWire(course: Course | undefined, isEvent: boolean): number {
    if (course === undefined) return 0;
    if (this.options.blocking !== undefined) return -course.callOf(this);
    return isEvent ? course.callOf(this) : course.courseFor(this);
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
      if (limits !== undefined) this.calls.watch(call, nameOf(to, name), limits);
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

  /** The call is given up by who has asked: the other side is told, and its answer goes nowhere. */
  giveUp(call: number): void {
    this.calls.giveUp(call, undefined);
  }

  #optionsOf(to: Reference, options: CallOptions | undefined): CallOptions | undefined {
    if (this.#defaults === undefined || isWaitedOn(to.proxy?.deref(to))) return options;
    return { ...this.#defaults, ...options };
  }

  /** A failure that nobody looks at is told on the error channel; that the session has ended is no failure. */
  #observed(answer: Promise<unknown>, to: Reference, name: string | 0): Promise<unknown> {
    return new ObservedPromise((resolve) => resolve(answer), (error) => this.refused(nameOf(to, name), error));
  }
}

function nameOf(to: Reference, name: string | 0): string {
  return name === 0 ? `${to.label}()` : `${to.label}.${name}()`;
}
