import { Carried, DROPPED, Holder } from './carrier.js';
import { callable } from './check.js';
import type { Kind } from './kind.js';
import { ObservedPromise } from './observed-promise.js';

type Result = IteratorResult<unknown, unknown>;

/** An iterator seen from either side: its methods may answer at once or later. */
export interface AnyIterator {
  next(value?: unknown): Result | PromiseLike<Result>;
  return?(value?: unknown): Result | PromiseLike<Result>;
  throw?(error?: unknown): Result | PromiseLike<Result>;
}

const AsyncGeneratorPrototype = Object.getPrototypeOf(async function* () {}.prototype as object) as object;
const GeneratorPrototype = Object.getPrototypeOf(function* () {}.prototype as object) as object;
const AsyncIteratorPrototype = Object.getPrototypeOf(AsyncGeneratorPrototype) as AsyncIterable<unknown>;

const iterators = new Carried<AnyIterator, AnyIterator>();

/** Serves one iterator to another process, and ends it when nobody there needs it any more. */
class IteratorCarrier extends Holder implements AnyIterator {
  /** One that was merely mentioned is not ended. */
  #begun = false;
  #done = false;

  constructor(private readonly iterator: AnyIterator) {
    super();
  }

  next(value?: unknown): Promise<Result> {
    return this.#step(() => this.iterator.next(value));
  }

  return(value?: unknown): Promise<Result> {
    return this.#step(() => this.iterator.return?.(value) ?? { done: true, value });
  }

  throw(error: unknown): Promise<Result> {
    return this.#step(() => {
      if (this.iterator.throw === undefined) throw error;
      return this.iterator.throw(error);
    });
  }

  [DROPPED](): void {
    if (this.#begun && !this.#done) void this.return().catch(() => {});
  }

  async #step(step: () => Result | PromiseLike<Result>): Promise<Result> {
    this.#begun = true;
    try {
      const { done = false, value } = await step();
      this.#done = done;
      // A generator may yield promises. Of what has come from a peer, `then` is not called.
      return { done, value: value instanceof Promise ? await value : value } as Result;
    } catch (error) {
      this.#done = true;
      throw error;
    }
  }
}

/** The local async iterator that stands in for one elsewhere. `from` may still be on its way. */
class IteratorStandIn implements AsyncIterator<unknown, unknown> {
  readonly #from: AnyIterator | PromiseLike<AnyIterator>;

  constructor(from: AnyIterator | PromiseLike<AnyIterator>) {
    this.#from = from;
  }

  next(value?: unknown): Promise<Result> {
    return this.#ask((from) => from.next(value));
  }

  return(value?: unknown): Promise<Result> {
    return this.#ask((from) => from.return!(value));
  }

  throw(error?: unknown): Promise<Result> {
    return this.#ask((from) => from.throw!(error));
  }

  /** Who asks ahead may not be looking any more when the other process goes. */
  #ask(step: (from: AnyIterator) => Result | PromiseLike<Result>): Promise<Result> {
    return new ObservedPromise((resolve) => resolve(Promise.resolve(this.#from).then(step)));
  }
}
Object.setPrototypeOf(IteratorStandIn.prototype, AsyncIteratorPrototype);
Object.defineProperty(IteratorStandIn, 'name', { value: 'AsyncIterator' });

/** What an iterator of ours, of whatever class, crosses as. */
export class Iteration {
  constructor(readonly iterator: AnyIterator) {}
}

export function iterationOf(object: object): Iteration {
  const open = (object as AsyncIterable<unknown>)[Symbol.asyncIterator] ?? (object as Iterable<unknown>)[Symbol.iterator];
  return new Iteration(open.call(object as never));
}

/** The local iterator for what a call for the iterator of a proxy will answer. */
export function iterateRemote(iterator: Promise<unknown>): AsyncIterator<unknown> {
  // Who never asks for a value does not want to hear that there are none.
  iterator.catch(() => {});
  return new IteratorStandIn(iterator as Promise<AnyIterator>);
}

/** Async generators, sync ones too (their values then come one by one, asked for), and what a proxy iterates with. */
export const iterator: Kind<AnyIterator | Iteration, AnyIterator> = {
  tag: 'AsyncIterator',
  is: (value) =>
    value instanceof Iteration || value instanceof IteratorStandIn ||
    Object.prototype.isPrototypeOf.call(AsyncGeneratorPrototype, value) || Object.prototype.isPrototypeOf.call(GeneratorPrototype, value),
  head: (value) => {
    const own = value instanceof Iteration ? value.iterator : value;
    return iterators.carrier(own, () => new IteratorCarrier(own));
  },
  create: (carrier) => iterators.value(carrier, () => new IteratorStandIn(carrier)),
};

/** The `[Symbol.asyncIterator]` of a plain object: over there it must return an iterator at once, not a promise of one. */
class IteratorMethod {
  constructor(readonly open: () => AnyIterator | PromiseLike<AnyIterator>) {}
}

type Open = () => PromiseLike<AnyIterator>;
export function asyncIteratorOf(object: object): unknown {
  const method = Reflect.get(object, Symbol.asyncIterator) as unknown;
  return typeof method === 'function' ? new IteratorMethod(() => method.call(object) as AnyIterator) : method;
}

export const iteratorMethod: Kind<IteratorMethod, Open> = {
  tag: 'AsyncIteratorMethod',
  is: (value) => value instanceof IteratorMethod,
  head: (method) => async () => new Iteration(await method.open()) as unknown as AnyIterator,
  create: (method) => {
    const open = callable(method);
    return (() => new IteratorStandIn(open())) as unknown as IteratorMethod;
  },
};
