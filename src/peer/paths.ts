import type { ReachOperation } from './policy.js';

/** A path, in which `*` stands for one name and `**` for any number of them; or a function that is asked. */
export type PathRule = string | ((path: string, operation: ReachOperation) => boolean);

export type PathRules = readonly PathRule[] | Exclude<PathRule, string>;

/** Whether one of the rules holds for a path. */
export function matches(rules: PathRules, path: string, operation: ReachOperation): boolean {
  if (typeof rules === 'function') return rules(path, operation) === true;
  return rules.some((rule) => (typeof rule === 'function' ? rule(path, operation) === true : fits(rule, path)));
}

function fits(rule: string, path: string): boolean {
  return rule === path || (rule.includes('*') && fitsSteps(rule.split('.'), path.split('.')));
}

function fitsSteps([rule, ...rules]: string[], steps: string[]): boolean {
  if (rule === undefined) return steps.length === 0;
  if (rule === '**') return steps.some((_, at) => fitsSteps(rules, steps.slice(at))) || rules.length === 0;
  return steps.length > 0 && (rule === '*' || rule === steps[0]) && fitsSteps(rules, steps.slice(1));
}
