import { FUNCTION, mustBe, mustFit, REFERABLE, type Rule, type Rules } from '../rules.js';

const PATHS: Rule = { is: "an array of paths such as 'channel.join' and of functions, or one function", fits: isPaths };
const NAMES: Rule = { is: 'an array of names', fits: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string') };
/** With another `*`, or with `()`, a rule would be of no member at all, and restrict nothing. The empty path is the object itself. */
const PATH: Rule = { is: "names with single dots between them, of which '*' and '**' alone stand for others, without '()'", fits: (path) => path === '' || (path as string).split('.').every(isStep) };

const RULES: Rules = { allow: PATHS, deny: PATHS, readOnly: { is: `true, false, ${PATHS.is}`, fits: (value) => typeof value === 'boolean' || isPaths(value) }, guard: FUNCTION };
const NARROW_RULES: Rules = { ...RULES, open: NAMES, inPlace: NAMES };

/** @throws DynobotError ERR_DYNOBOT_ARGUMENT: a rule that is misspelt would allow what it should not */
export function checkPolicy(caller: string, policy: object, rules = RULES): void {
  mustFit(rules, caller, 'rule', policy);
  for (const rule of ['allow', 'deny', 'readOnly']) {
    for (const path of pathsOf((policy as Record<string, unknown>)[rule])) mustBe(PATH, `${caller}: a path of ${rule}`, path);
  }
}

/** @throws DynobotError ERR_DYNOBOT_ARGUMENT */
export function checkNarrowing(object: unknown, policy: object): void {
  mustBe(REFERABLE, 'narrow(): what it narrows', object);
  checkPolicy('narrow()', policy, NARROW_RULES);
}

function isPaths(value: unknown): boolean {
  return typeof value === 'function' || (Array.isArray(value) && value.every((rule) => typeof rule === 'string' || typeof rule === 'function'));
}

function pathsOf(rules: unknown): unknown[] {
  return Array.isArray(rules) ? rules.filter((rule) => typeof rule === 'string') : [];
}

function isStep(name: string): boolean {
  return name !== '' && !name.endsWith('()') && (!name.includes('*') || name === '*' || name === '**');
}
