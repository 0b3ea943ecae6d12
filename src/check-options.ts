import { LIMITS } from './limits.js';
import { LONGEST_ROLE, POLICIES } from './roles/options.js';
import { BOOLEAN, FUNCTION, MILLISECONDS, mustFit, NUMBER, OBJECT, oneOf, STRING, type Rule, type Rules } from './rules.js';

const KINDS: Rule = { is: 'an array of kinds', fits: (value) => Array.isArray(value) };
const ROLE_NAME: Rule = { is: `a string of 1 to ${LONGEST_ROLE} characters`, fits: (value) => typeof value === 'string' && value !== '' && value.length <= LONGEST_ROLE };
const INSTANCE: Rule = { is: `a number, or a string of at most ${LONGEST_ROLE} characters`, fits: (value) => typeof value === 'number' || (typeof value === 'string' && value.length <= LONGEST_ROLE) };
const SLOW_POLICY = oneOf('disconnect', 'drop-oldest', 'pause');
const POLICY = oneOf(...POLICIES);
const PARKING: Rule = { is: `${POLICY.is}, or an object that has one of them for each event's name`, fits: (value) => POLICY.fits(value) || (OBJECT.fits(value) && Object.values(value as object).every(POLICY.fits)) };
const SHARE: Rule = { is: 'an object whose function `by` tells the key from the arguments of an event: { by: (…) => key }', fits: (value) => OBJECT.fits(value) && FUNCTION.fits((value as { by?: unknown }).by) };
const AHEAD: Rule = { is: 'a number, 1 or more', fits: (value) => typeof value === 'number' && value >= 1 };

/** What both ends of a session take. */
const RULES: Rules = { name: STRING, limits: OBJECT, kinds: KINDS, timeout: MILLISECONDS, collect: BOOLEAN, stacks: BOOLEAN, slowReader: SLOW_POLICY };

const RULES_OF = {
  'host()': { ...RULES, roles: OBJECT, reach: OBJECT },
  'connect()': { ...RULES, role: ROLE_NAME, instance: INSTANCE, reconnect: { is: `false or ${MILLISECONDS.is}`, fits: (value) => value === false || MILLISECONDS.fits(value) } },
  /** A role can only be declined, and a host that has gone is gone for good. */
  'connectSync()': { ...RULES, role: { is: 'undefined', fits: () => false }, reconnect: { is: 'false or 0', fits: (value) => value === false || value === 0 } },
  /** For one session, beside those of its host. */
  'attach()': { limits: OBJECT, slowReader: SLOW_POLICY },
  'ready()': { check: FUNCTION, timeout: MILLISECONDS },
  'close()': { deadline: MILLISECONDS },
} satisfies Record<string, Rules>;

const ROLE_RULES: Rules = {
  events: NUMBER, bytes: NUMBER, age: MILLISECONDS, ahead: AHEAD, saved: NUMBER, start: MILLISECONDS, handover: MILLISECONDS, drain: MILLISECONDS, forget: MILLISECONDS,
  policy: PARKING, share: SHARE, redelivery: oneOf('at-most-once', 'at-least-once'),
};
const LIMIT_RULES: Rules = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, NUMBER]));

/** @throws DynobotError ERR_DYNOBOT_ARGUMENT for an option that is not known, or not what it must be */
export function checkOptions(caller: keyof typeof RULES_OF, options: object): void {
  mustFit(RULES_OF[caller], caller, 'option', options);
  const { limits, roles = {} } = options as { limits?: object; roles?: Record<string, object> };
  if (limits !== undefined) mustFit(LIMIT_RULES, caller, 'limit', limits);
  for (const [name, role] of Object.entries(roles)) mustFit(ROLE_RULES, `${caller}, the role ${name}`, 'option', role);
}
