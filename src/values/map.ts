import type { Kind } from './kind.js';

export const map: Kind<Map<unknown, unknown>, 0, [unknown, unknown][]> = {
  tag: 'Map',
  is: (value) => value instanceof Map && Object.getPrototypeOf(value) === Map.prototype,
  head: () => 0,
  create: () => new Map(),
  body: (value) => [...value],
  fill: (value, entries) => {
    for (const [key, entry] of entries) value.set(key, entry);
  },
};
