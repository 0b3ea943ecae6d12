import { DynobotError } from './errors.js';
import { LIMITS } from './limits.js';
import { LONGEST_ROLE, POLICIES, type ParkingPolicy } from './roles/options.js';

/** What an option must be: the type that `typeof` gives, or a test of its own. */
type Rule = 'string' | 'number' | 'boolean' | 'object' | ((value: unknown) => boolean);

const isDuration = (value: unknown): boolean => typeof value === 'number' && value >= 0;
const isArray: Rule = (value) => Array.isArray(value);
const isRoleName: Rule = (value) => typeof value === 'string' && value !== '' && value.length <= LONGEST_ROLE;
const isInstance: Rule = (value) => typeof value === 'number' || (typeof value === 'string' && value.length <= LONGEST_ROLE);

/** What `host`, `connect` and `ready` take, so that a misspelt option is not ignored in silence. */
const RULES: Record<string, Rule> = { name: 'string', limits: 'object', kinds: isArray, timeout: isDuration, collect: 'boolean', stacks: 'boolean', slowReader: isSlowPolicy };
const HOST_RULES: Record<string, Rule> = { ...RULES, roles: 'object', reach: 'object' };
const POLICY_RULES: Record<string, Rule> = { allow: isPaths, deny: isPaths, readOnly: (value) => typeof value === 'boolean' || isPaths(value), guard: isFunction };
const CONNECT_RULES: Record<string, Rule> = { ...RULES, role: isRoleName, instance: isInstance, reconnect: (value) => value === false || isDuration(value) };
/** A role can only be declined, and a host that has gone is gone for good. */
const SYNC_RULES: Record<string, Rule> = { ...RULES, role: () => false, reconnect: (value) => value === false || value === 0 };
/** For one session, beside those of its host. */
const ATTACH_RULES: Record<string, Rule> = { limits: 'object', slowReader: isSlowPolicy };
const ROLE_RULES: Record<string, Rule> = {
  events: isDuration, bytes: isDuration, age: isDuration, ahead: (value) => typeof value === 'number' && value >= 1, saved: isDuration, start: isDuration, handover: isDuration, drain: isDuration, forget: isDuration,
  policy: isPolicies, share: isShare, redelivery: (value) => value === 'at-most-once' || value === 'at-least-once',
};
const READY_RULES: Record<string, Rule> = { check: isFunction, timeout: isDuration };
const RULES_OF = { 'ready()': READY_RULES, 'host()': HOST_RULES, 'connect()': CONNECT_RULES, 'attach()': ATTACH_RULES, 'connectSync()': SYNC_RULES };
const LIMIT_RULES: Record<string, Rule> = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, isDuration]));

/** @throws DynobotError ERR_DYNOBOT_ARGUMENT for an option that is not known, or of the wrong type */
export function checkOptions(caller: keyof typeof RULES_OF, options: object): void {
  check(caller, 'option', options, RULES_OF[caller]);
  const { limits } = options as { limits?: object };
  if (limits !== undefined) check(caller, 'limit', limits, LIMIT_RULES);
  const { roles = {} } = options as { roles?: Record<string, object> };
  for (const [name, role] of Object.entries(roles)) check(`${caller}, the role ${name}`, 'option', role, ROLE_RULES);
}

/** @throws DynobotError ERR_DYNOBOT_ARGUMENT: a rule that is misspelt would allow what it should not */
export function checkPolicy(service: string, policy: object): void {
  check(`the reach of ${service}`, 'rule', policy, POLICY_RULES);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isPaths(value: unknown): boolean {
  return isFunction(value) || (Array.isArray(value) && value.every((rule) => typeof rule === 'string' || isFunction(rule)));
}

function isSlowPolicy(value: unknown): boolean {
  return value === 'disconnect' || value === 'drop-oldest' || value === 'pause';
}

function isPolicy(value: unknown): boolean {
  return POLICIES.includes(value as ParkingPolicy);
}

function isPolicies(value: unknown): boolean {
  return isPolicy(value) || (typeof value === 'object' && value !== null && Object.values(value).every(isPolicy));
}

function isShare(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { by?: unknown }).by === 'function';
}

function check(caller: string, what: string, options: object, rules: Record<string, Rule>): void {
  if (typeof options !== 'object' || options === null) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${caller}: ${String(options)} is no object with ${what}s`);
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${caller} knows no ${what} ${name}. It knows: ${Object.keys(rules).join(', ')}`);
    }
    const isRight = value === undefined || (typeof rule === 'function' ? rule(value) : typeof value === rule && value !== null);
    if (!isRight) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${caller}: the ${what} ${name} cannot be ${shown(value)}`);
  }
}

/** Not by node:util, which loads more than most programs use. */
function shown(value: unknown): string {
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return 'such an object';
  }
}
