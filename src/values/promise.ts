import { Carried } from './carrier.js';
import { callable } from './check.js';
import type { Kind } from './kind.js';
import { ObservedPromise } from './observed-promise.js';

type Settle = () => PromiseLike<unknown>;

const promises = new Carried<Promise<unknown>, Settle>();

/** The other side asks for the outcome at once, with a call that is answered when the promise settles. */
export const promise: Kind<Promise<unknown>, Settle> = {
  tag: 'Promise',
  is: (value) => value instanceof Promise,
  head: (value) => promises.carrier(value, () => serve(value)),
  create: (settle) => promises.value(callable(settle), () => new ObservedPromise((resolve) => resolve(settle()))),
};

/** Until the other side has asked, nobody here looks at a rejection: it must not end this process meanwhile. */
function serve(value: Promise<unknown>): Settle {
  value.catch(() => {});
  return () => value;
}
