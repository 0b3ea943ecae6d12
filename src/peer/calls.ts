import { DynobotError, protocolError } from '../errors.js';
import type { Platform } from '../platform.js';
import type { Course } from '../proxies/course.js';
import { Thrown } from '../proxies/outcome.js';
import { throwHere } from '../values/error.js';
import type { CallOptions } from '../proxies/reference.js';
import { Numbered } from './numbered.js';
import { Signals } from './signals.js';

type Settle = (outcome: unknown) => void;

const nothing = (): void => {};

let kept = nothing as Settle;

/** What a promise is made with: one function for all, since calls are many. */
const keep = (settle: Settle): void => void (kept = settle);

/** What settles the promise that was just made. It is not held on to: it leads to what the promise comes to. */
function takeKept(): Settle {
  const settle = kept;
  kept = nothing;
  return settle;
}

/** Our calls that wait for their answer. Each is answered exactly once, also when it was given up here before. */
export class Calls {
  readonly #pending = new Numbered<Settle>();
  /** Of the calls that have a deadline or a signal: how to end the watch. */
  readonly #watched = new Map<number, () => void>();
  readonly #signals = new Signals((call, reason) => this.giveUp(call, reason, true));
  /** Of the calls that were made in the course of another: which. */
  readonly #courses = new Map<number, Course>();
  /** Told when no call waits any more. */
  emptied: (() => void) | undefined;
  #lastId = 0;

  constructor(
    private readonly platform: Platform,
    /** Tells the other side that an answer is not wanted any more. */
    private readonly abort: (call: number) => void,
  ) {}

  get size(): number {
    return this.#pending.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  wait(call: number): Promise<unknown> {
    const outcome = new Promise(keep);
    this.#pending.set(call, takeKept());
    return outcome.then(outcomeOf);
  }

  /** The same with a deadline, or a signal; `what` is called, for people. */
  waitWithin(call: number, what: string, options: CallOptions): Promise<unknown> {
    const outcome = this.wait(call);
    this.#watched.set(call, this.#watch(call, what, options));
    return outcome;
  }

  /** The same without a promise, for a call in whose course others may come back. `settle` is told its outcome as it is. */
  open(call: number, settle: Settle, course: Course | undefined): void {
    this.#pending.set(call, settle);
    if (course !== undefined) this.#courses.set(call, course);
  }

  watch(call: number, what: string, options: CallOptions): void {
    this.#watched.set(call, this.#watch(call, what, options));
  }

  /** What a call of ours was made in the course of. */
  courseOf(call: number): Course | undefined {
    return this.#courses.get(call);
  }

  settle(call: number, outcome: unknown): void {
    const settle = this.#pending.get(call);
    if (settle === undefined) throw protocolError(`it answers the call ${call}, which is not open`);
    this.#pending.delete(call);
    if (this.#courses.size > 0) this.#courses.delete(call);
    this.#endWatch(call);
    settle(outcome);
    if (this.#pending.size === 0) this.emptied?.();
  }

  /** The session has ended. Each call gets an error of its own, with the stack of who waits for it. Returns how many there were. */
  failAll(error: () => unknown): number {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    this.#courses.clear();
    for (const end of this.#watched.values()) end();
    this.#watched.clear();
    for (const settle of all) settle(new Thrown(error()));
    return all.length;
  }

  /** Gives the call up here; its place is kept until the answer comes. */
  giveUp(call: number, error: unknown, isOurs = false): void {
    const settle = this.#pending.get(call);
    if (settle === undefined) return;
    this.#endWatch(call);
    this.#pending.set(call, nothing);
    this.abort(call);
    settle(new Thrown(error, isOurs));
  }

  #endWatch(call: number): void {
    if (this.#watched.size === 0) return;
    this.#watched.get(call)?.();
    this.#watched.delete(call);
  }

  /** Watches the deadline and the signal of a call. Returns what ends the watch. */
  #watch(call: number, what: string, { timeout, signal }: CallOptions): () => void {
    const ends: (() => void)[] = [];
    if (timeout !== undefined && timeout > 0) {
      const late = () => this.giveUp(call, new DynobotError('ERR_DYNOBOT_TIMEOUT', `${what} was not answered within ${timeout} ms`));
      ends.push(this.platform.after(timeout, late));
    }
    if (signal !== undefined) {
      if (signal.aborted) queueMicrotask(() => this.giveUp(call, signal.reason, true));
      else ends.push(this.#signals.join(signal, call));
    }
    return () => {
      for (const end of ends) end();
    };
  }
}

/**
 * Gives what the call came to, or throws it. It runs as a reaction of the promise that the caller awaits, not where the
 * message arrived: only there does V8 know who waits, and that is what helps the reader of an error.
 */
function outcomeOf(outcome: unknown): unknown {
  return valueOf(outcome, outcomeOf);
}

/** What a call has come to; throws if it has failed. `below`: what was called by who waits for it. */
export function valueOf(outcome: unknown, below: unknown): unknown {
  if (!(outcome instanceof Thrown)) return outcome;
  if (!outcome.isOurs && outcome.error instanceof Error) throwHere(outcome.error, below);
  throw outcome.error;
}
