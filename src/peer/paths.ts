import type { ReachOperation } from './policy.js';

/** A path, in which `*` stands for one name and `**` for any number of them; or a function that is asked. */
export type PathRule = string | ((path: string, operation: ReachOperation) => boolean);

export type PathRules = readonly PathRule[] | Exclude<PathRule, string>;

/** Whether one of the rules allows a path. A function does so by `true`, and by nothing else. */
export function allowedBy(rules: PathRules, path: string, operation: ReachOperation): boolean {
  return listed(rules).some((rule) => (typeof rule === 'function' ? rule(path, operation) === true : fits(rule, path)));
}

/** Whether one of the rules refuses a path. A function does so by whatever is true: a match, or a promise by mistake. */
export function refusedBy(rules: PathRules, path: string, operation: ReachOperation): boolean {
  return listed(rules).some((rule) => (typeof rule === 'function' ? Boolean(rule(path, operation)) : fits(rule, path)));
}

function listed(rules: PathRules): readonly PathRule[] {
  return typeof rules === 'function' ? [rules] : rules;
}

function fits(rule: string, path: string): boolean {
  return rule === path || (rule.includes('*') && fitsSteps(rule.split('.'), path.split('.')));
}

function fitsSteps([rule, ...rules]: string[], steps: string[]): boolean {
  if (rule === undefined) return steps.length === 0;
  if (rule === '**') return steps.some((_, at) => fitsSteps(rules, steps.slice(at))) || rules.length === 0;
  return steps.length > 0 && (rule === '*' || rule === steps[0]) && fitsSteps(rules, steps.slice(1));
}
