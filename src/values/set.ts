import { list } from './check.js';
import type { Kind } from './kind.js';

export const set: Kind<Set<unknown>, 0, unknown[]> = {
  tag: 'Set',
  is: (value) => value instanceof Set && Object.getPrototypeOf(value) === Set.prototype,
  head: () => 0,
  create: () => new Set(),
  body: (value) => [...value],
  fill: (value, elements) => {
    for (const element of list(elements)) value.add(element);
  },
};
