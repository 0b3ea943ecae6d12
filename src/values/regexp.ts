import { number, text } from './check.js';
import type { Kind } from './kind.js';

export const regexp: Kind<RegExp, [source: string, flags: string, lastIndex: number]> = {
  tag: 'RegExp',
  is: (value) => value instanceof RegExp && Object.getPrototypeOf(value) === RegExp.prototype,
  head: (value) => [value.source, value.flags, value.lastIndex],
  create: ([source, flags, lastIndex]) => Object.assign(new RegExp(text(source), text(flags)), { lastIndex: number(lastIndex) }),
};
