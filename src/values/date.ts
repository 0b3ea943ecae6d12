import { number } from './check.js';
import type { Kind } from './kind.js';

export const date: Kind<Date, number> = {
  tag: 'Date',
  is: (value) => value instanceof Date && Object.getPrototypeOf(value) === Date.prototype,
  head: (value) => value.getTime(),
  create: (time) => new Date(number(time)),
};
