/** How a call failed. It is thrown only where it is waited for, so that the error's stack shows that place. */
export class Thrown {
  constructor(
    readonly error: unknown,
    /** It is an error of this side's own, whose stack says enough. */
    readonly isOurs = false,
  ) {}
}

/**
 * What a call comes to, as it came: a value, which may be a promise, or a `Thrown`. A JavaScript promise cannot be of a
 * promise, so what is answered to somebody who stands still goes by this.
 */
export class Outcome {
  #known: { readonly outcome: unknown } | undefined;
  #told: ((outcome: unknown) => void)[] = [];
  /** Somebody answers with it. */
  isAnswer = false;

  settle(outcome: unknown): void {
    if (this.#known !== undefined) return;
    this.#known = { outcome };
    for (const tell of this.#told.splice(0)) tell(outcome);
  }

  /** Calls back at once if the outcome is known, or else when it is. */
  tell(told: (outcome: unknown) => void): void {
    if (this.#known === undefined) this.#told.push(told);
    else told(this.#known.outcome);
  }
}

const outcomes = new WeakMap<object, Outcome>();

/** Makes `promise` mean its outcome: where it is a call's result, the outcome is the answer, and not a promise of it. */
export function meansOutcome<P extends Promise<unknown>>(promise: P, outcome: Outcome): P {
  outcomes.set(promise, outcome);
  return promise;
}

export function outcomeMeant(value: unknown): Outcome | undefined {
  return typeof value === 'object' && value !== null ? outcomes.get(value) : undefined;
}

/** The same for a promise that has no outcome of its own: what it resolves to is the answer. */
export function answeredLater(promise: Promise<unknown>): Promise<unknown> {
  const outcome = new Outcome();
  promise.then((value) => outcome.settle(value), (error: unknown) => outcome.settle(new Thrown(error)));
  return meansOutcome(promise, outcome);
}
