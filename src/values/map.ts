import { list } from './check.js';
import type { Kind } from './kind.js';

/** Keys and values in turn: pairs would be a level more for each map within a map. */
export const map: Kind<Map<unknown, unknown>, 0, unknown[]> = {
  tag: 'Map',
  is: (value) => value instanceof Map && Object.getPrototypeOf(value) === Map.prototype,
  head: () => 0,
  create: () => new Map(),
  body: (value) => [...value].flat(1),
  fill: (value, body) => {
    const keysAndValues = list(body);
    if (keysAndValues.length % 2 !== 0) throw new TypeError('it lacks a value');
    for (let i = 0; i < keysAndValues.length; i += 2) value.set(keysAndValues[i], keysAndValues[i + 1]);
  },
};
