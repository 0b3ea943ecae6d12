import { inCourse } from '../proxies/course.js';
import { Carried, DROPPED, Holder } from './carrier.js';
import { callable } from './check.js';
import type { Kind } from './kind.js';
import { ObservedPromise } from './observed-promise.js';
import { Waiters } from './waiters.js';

/** By this name a promise's stand-in asks for its outcome. */
export const SETTLED: keyof Outcome = 'settled';

interface Outcome {
  /** Answers when the promise settles. */
  settled(): PromiseLike<unknown>;
}

const promises = new Carried<Promise<unknown>, Outcome>();

/** The other side asks for the outcome at once, with a call that is answered when the promise settles. */
export const promise: Kind<Promise<unknown>, Outcome> = {
  tag: 'Promise',
  is: (value) => value instanceof Promise,
  head: (value) => promises.carrier(value, () => new PromiseCarrier(value)),
  create: (carrier) => promises.value(carrier, () => StandIn.of(carrier)),
};

/** The promise itself has one reaction of ours, however many sessions come and go while it is pending. */
class PromiseCarrier extends Holder implements Outcome {
  readonly #waiters = new Waiters<unknown>();
  #isSettled = false;

  constructor(private readonly value: Promise<unknown>) {
    super();
    // Until the other side has asked, nobody here looks at a rejection: it must not end this process meanwhile.
    value.then((outcome) => {
      this.#isSettled = true;
      this.#waiters.resolve(outcome);
    }, (error: unknown) => {
      this.#isSettled = true;
      this.#waiters.reject(error);
    });
  }

  settled(): Promise<unknown> {
    return this.#isSettled ? this.value : this.#waiters.wait();
  }

  /** Nobody waits any more: what is open is answered with nothing, so that it is kept nowhere until the promise settles. */
  [DROPPED](): void {
    this.#waiters.resolve(undefined);
  }
}

/**
 * The call that waits for the outcome keeps a stand-in alive only once somebody has looked at it. Dropped before, it is
 * collected with its carrier, and the real promise's side hears of it.
 */
class StandIn extends ObservedPromise<unknown> {
  static readonly #settlers = new WeakMap<StandIn, Settler>();

  static of(carrier: Outcome): StandIn {
    callable(carrier.settled);
    // Not in the course that it arrives in: nobody stands still for an outcome, and what is asked in a course is answered at
    // once, with a promise. Of one that has settled by then it would be the same promise, which would come to wait for itself.
    const outcome = Promise.resolve(inCourse(undefined, () => carrier.settled()));
    let settler!: Settler;
    const made: StandIn = new StandIn((resolve, reject) => (settler = { resolve, reject }), undefined, keeping(outcome, () => made));
    StandIn.#settlers.set(made, settler);
    StandIn.#follow(outcome, new WeakRef(made));
    return made;
  }

  static #follow(outcome: Promise<unknown>, held: WeakRef<StandIn>): void {
    const settler = (): Settler | undefined => {
      const standIn = held.deref();
      return standIn && StandIn.#settlers.get(standIn);
    };
    outcome.then((value) => settler()?.resolve(value), (error: unknown) => settler()?.reject(error));
  }
}
Object.defineProperty(StandIn, 'name', { value: 'Promise' });

interface Settler {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function keeping(outcome: Promise<unknown>, kept: () => unknown): () => void {
  const keep = (): void => void kept();
  return () => void outcome.then(keep, keep);
}
