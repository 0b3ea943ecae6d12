import type { Kind } from './kind.js';

/** `new String('x')` and its like: rare, but a JSON.stringify would unwrap them. */
export const boxed: Kind<object, unknown> = {
  tag: 'Boxed',
  is: (value) => value instanceof Number || value instanceof String || value instanceof Boolean,
  head: (value) => value.valueOf(),
  create: (primitive) => Object(primitive) as object,
};
