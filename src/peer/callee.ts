import { disconnected } from '../errors.js';
import type { Platform } from '../platform.js';
import { referenceOf, type Reference } from '../proxies/reference.js';
import { leaverOf } from '../values/waiters.js';
import { ITERATE, ITERATE_SYNC, OPERATION } from '../wire.js';
import { isPending, type Answers } from './answers.js';
import type { Export, Exports } from './exports.js';
import { perform, type Request, type Surroundings } from './perform.js';
import { Relay, relayedBy } from './relay.js';
import { wayFrom, type Way } from './way.js';
import type { Rate } from './rate.js';
import type { Outcome } from './role-end.js';
import type { Sender } from './sender.js';

/** What carrying out calls needs of the peer. */
export interface CalleeParts {
  readonly answers: Answers;
  readonly around: Surroundings;
  readonly exports: Exports;
  readonly sender: Sender;
  readonly rate: Rate;
  /** What a listener of ours throws goes there. */
  readonly uncaught: (error: unknown) => void;
}

/** Carries out what the other side calls, and answers it. */
export class Callee {
  readonly #answers: Answers;
  readonly #around: Surroundings;
  readonly #exports: Exports;
  readonly #sender: Sender;
  readonly #rate: Rate;
  readonly #uncaught: (error: unknown) => void;

  constructor(
    { answers, around, exports, sender, rate, uncaught }: CalleeParts,
    private readonly platform: Pick<Platform, 'defer' | 'workWith'>,
  ) {
    this.#answers = answers;
    this.#around = around;
    this.#exports = exports;
    this.#sender = sender;
    this.#rate = rate;
    this.#uncaught = uncaught;
  }

  /** A call that is answered exactly once, whatever becomes of it. */
  call(call: number, entry: Export, request: Request): void {
    if (request.operation === OPERATION.notify) return this.#notified(call, entry, request);
    const way = entry.way && wayFrom(entry, request.name);
    let result: unknown;
    let pending: boolean;
    let relay: Relay | undefined;
    try {
      this.#rate.count();
      relay = this.#relay(entry, request);
      result = relay === undefined ? perform(entry, request, this.#around) : relay.answer;
      pending = isPending(result);
    } catch (error) {
      return this.#throw(call, error, way);
    }
    if (pending) this.#wait(call, result as PromiseLike<unknown>, way, relay === undefined ? leaverOf(result as object) : relay.giveUp);
    else this.#answer(call, result, way);
  }

  /** Passes the call on, if the value is in a third process. What iterates is done here. */
  #relay(entry: Export, request: Request): Relay | undefined {
    const to = relayedBy(entry, request);
    if (to === undefined || !isPassedOn(request)) return undefined;
    this.#around.gate.pass(entry, request);
    return new Relay(to, request);
  }

  /** Answers a call once its result is there. */
  #wait(call: number, result: PromiseLike<unknown>, way: Way | undefined, giveUp: (() => void) | undefined): void {
    const settled = Promise.resolve(result);
    try {
      this.#answers.open(call, giveUp);
    } catch (error) {
      settled.catch(() => {});
      return this.#sender.throw(call, error);
    }
    settled.then(
      (value) => this.#settle(call, () => this.#answer(call, value, way)),
      (error: unknown) => this.#settle(call, () => this.#throw(call, error, way)),
    ).catch(this.#uncaught);
  }

  /** The session is about to end: nothing new is begun. */
  refuse(call: number): void {
    if (call !== 0) this.#sender.throw(call, disconnected('the host is closing'));
  }

  /** A call that nobody waits for: only a failure is told. */
  cast(entry: Export, request: Request): void {
    if (isCalled(request) && isListener(entry)) this.#notify(entry, request);
    else this.#tryOut(entry, request);
  }

  #tryOut(entry: Export, request: Request): void {
    const way = entry.way && wayFrom(entry, request.name);
    const failed = (error: unknown): void => this.#exports.handOut(way, error, (given) => this.#sender.fault(request.name === 0 ? 'an event' : request.name, given));
    try {
      this.#rate.count();
      const result = perform(entry, request, this.#around);
      if (isPending(result)) Promise.resolve(result).catch(failed).catch(this.#uncaught);
    } catch (error) {
      failed(error);
    }
  }

  /** An event of a role, for listeners of ours. */
  event(entries: readonly Export[], request: Request): Outcome {
    const works: PromiseLike<unknown>[] = [];
    let threw = false;
    for (const entry of entries) {
      const relayed = referenceOf(entry.value);
      if (relayed !== undefined) {
        this.#passOn(relayed, entry, request);
        continue;
      }
      try {
        const result = perform(entry, request, this.#around);
        if (isPending(result)) works.push(result);
      } catch (error) {
        threw = true;
        this.#uncaught(error);
      }
    }
    for (const arg of request.args) {
      const work = this.platform.workWith?.(arg);
      if (work !== undefined) works.push(work);
    }
    return { works, threw };
  }

  /** An event whose end is waited for: the turn is over when what the listener has begun, such as attaching others, is sent. */
  #notified(call: number, entry: Export, request: Request): void {
    try {
      this.#answers.open(call);
    } catch (error) {
      return this.#sender.throw(call, error);
    }
    const answer = (): void => this.#settle(call, () => this.#sender.answer(call, undefined));
    const relayed = referenceOf(entry.value);
    if (relayed !== undefined) return void this.#notifyOn(relayed, entry, request).then(answer, answer);
    this.cast(entry, request);
    // After the microtasks of this turn.
    void Promise.resolve().then(() => this.platform.defer(answer));
  }

  /** An event for a listener: what one of ours throws is this process's own uncaught error. */
  #notify(entry: Export, request: Request): void {
    const relayed = referenceOf(entry.value);
    if (relayed !== undefined) return this.#passOn(relayed, entry, request);
    try {
      perform(entry, request, this.#around);
    } catch (error) {
      this.#uncaught(error);
    }
  }

  /** An event for a listener in a third process. That it cannot be passed on is not this session's fault. */
  #passOn(to: Reference, entry: Export, request: Request): void {
    try {
      this.#around.gate.pass(entry, request);
      to.session.cast(to, OPERATION.apply, 0, request.args, request.receiver);
    } catch (error) {
      to.session.refused('an event', error);
    }
  }

  async #notifyOn(to: Reference, entry: Export, request: Request): Promise<unknown> {
    this.#around.gate.pass(entry, request);
    return to.session.notify(to, request.args, request.receiver);
  }

  /** Nobody wants the answer any more: the call gets an empty one at once, since what it does may never end. */
  abort(call: number): void {
    if (this.#answers.giveUp(call)) this.#sender.answer(call, undefined);
  }

  /** What is handed out falls under the rules of where it was asked for. */
  #answer(call: number, value: unknown, way: Way | undefined): void {
    if (way === undefined) this.#sender.answer(call, value);
    else this.#answerAlong(way, call, value);
  }

  #answerAlong(way: Way, call: number, value: unknown): void {
    try {
      this.#exports.handOut(way, value, (given) => this.#sender.answer(call, given));
    } catch (error) {
      // What an accessor throws that was looked behind.
      this.#throw(call, error, way);
    }
  }

  #throw(call: number, error: unknown, way: Way | undefined): void {
    this.#exports.handOut(way, error, (given) => this.#sender.throw(call, given));
  }

  #settle(call: number, answer: () => void): void {
    if (this.#answers.close(call)) answer();
  }
}

function isPassedOn({ operation, name }: Request): boolean {
  if (operation === OPERATION.method) return name !== ITERATE && name !== ITERATE_SYNC;
  return operation === OPERATION.apply || operation === OPERATION.construct || operation === OPERATION.get;
}

function isCalled({ operation }: Request): boolean {
  return operation === OPERATION.apply || operation === OPERATION.notify;
}

/** Only what was made a listener by this process, or is one in a third: no other function may end it by what it throws. */
export function isListener({ value, listens, withdrawn }: Export): boolean {
  return !withdrawn && (listens || referenceOf(value) !== undefined);
}
