/**
 * A promise that knows whether anybody looks at its outcome. Promises of work in another process are of this class where
 * nobody may be looking: a host that calls a client's callback must not end by an unhandled rejection when the client
 * throws or goes. `unobserved` is told of a rejection that nobody had asked for when it came, `lookedAt` of the first
 * look.
 */
export class ObservedPromise<T> extends Promise<T> {
  #observed = false;
  /** Private: an inspector shows what is not. */
  readonly #lookedAt: (() => void) | undefined;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  constructor(
    executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason: unknown) => void) => void,
    unobserved: (reason: unknown) => void = () => {},
    lookedAt?: () => void,
  ) {
    super(executor);
    this.#lookedAt = lookedAt;
    super.then(undefined, (reason: unknown) => {
      if (!this.#observed) unobserved(reason);
    });
  }

  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (!this.#observed) this.#lookedAt?.();
    this.#observed = true;
    return super.then(fulfilled, rejected);
  }
}
Object.defineProperty(ObservedPromise, 'name', { value: 'Promise' });
