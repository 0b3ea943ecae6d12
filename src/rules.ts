import { DynobotError } from './errors.js';

/** What a value must be: in words, and as a test. */
export interface Rule {
  readonly is: string;
  readonly fits: (value: unknown) => boolean;
}

/** By the names of options, so that a misspelt one is not ignored in silence. */
export type Rules = Readonly<Record<string, Rule>>;

export const STRING: Rule = { is: 'a string', fits: (value) => typeof value === 'string' };
export const BOOLEAN: Rule = { is: 'true or false', fits: (value) => typeof value === 'boolean' };
export const FUNCTION: Rule = { is: 'a function', fits: (value) => typeof value === 'function' };
export const OBJECT: Rule = { is: 'an object', fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value) };
export const NUMBER: Rule = { is: 'a number, 0 or more', fits: (value) => typeof value === 'number' && value >= 0 };
export const MILLISECONDS: Rule = { is: 'a number of milliseconds, 0 or more', fits: NUMBER.fits };
/** What crosses by reference. */
export const REFERABLE: Rule = { is: 'an object or a function', fits: (value) => (typeof value === 'object' && value !== null) || typeof value === 'function' };

export function oneOf(...values: readonly string[]): Rule {
  return { is: values.map((value) => `'${value}'`).join(' or '), fits: (value) => values.includes(value as string) };
}

/**
 * Checks one argument: `what` says which, and of which function.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT
 */
export function mustBe({ is, fits }: Rule, what: string, value: unknown): void {
  if (!fits(value)) throw wrong(`${what} must be ${is}, not ${shown(value)}`);
}

/**
 * Checks an object of options. One that is undefined is not given.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT for one that is not known, or not what it must be
 */
export function mustFit(rules: Rules, caller: string, what: string, given: unknown): void {
  const known = Object.keys(rules).join(', ');
  if (!OBJECT.fits(given)) throw wrong(`${caller} takes an object with ${what}s (${known}), not ${shown(given)}`);
  for (const [name, value] of Object.entries(given as object)) {
    if (!Object.hasOwn(rules, name)) throw wrong(`${caller} knows no ${what} ${name}. It knows: ${known}`);
    if (value !== undefined) mustBe(rules[name]!, `${caller}: the ${what} ${name}`, value);
  }
}

function wrong(message: string): DynobotError {
  return new DynobotError('ERR_DYNOBOT_ARGUMENT', message);
}

/** Not by node:util, which loads more than most programs use, and which a browser has not. */
function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' && typeof value !== 'string') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return 'such an object';
  }
}
