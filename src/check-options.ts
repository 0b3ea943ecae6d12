import { DynobotError } from './errors.js';
import { LIMITS } from './limits.js';

/** What an option must be: the type that `typeof` gives, or a test of its own. */
type Rule = 'string' | 'number' | 'boolean' | 'object' | ((value: unknown) => boolean);

const isDuration: Rule = (value) => typeof value === 'number' && value >= 0;
const isArray: Rule = (value) => Array.isArray(value);

/** What `host` and `connect` take, so that a misspelt option is not ignored in silence. */
const RULES: Record<string, Rule> = { name: 'string', limits: 'object', kinds: isArray, timeout: isDuration, collect: 'boolean' };
const LIMIT_RULES: Record<string, Rule> = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, isDuration]));

/** @throws DynobotError ERR_DYNOBOT_ARGUMENT for an option that is not known, or of the wrong type */
export function checkOptions(caller: string, options: object): void {
  check(caller, 'option', options, RULES);
  const { limits } = options as { limits?: object };
  if (limits !== undefined) check(caller, 'limit', limits, LIMIT_RULES);
}

function check(caller: string, what: string, options: object, rules: Record<string, Rule>): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${caller} knows no ${what} ${name}. It knows: ${Object.keys(rules).join(', ')}`);
    }
    const isRight = value === undefined || (typeof rule === 'function' ? rule(value) : typeof value === rule && value !== null);
    if (!isRight) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${caller}: the ${what} ${name} cannot be ${String(value)}`);
  }
}
