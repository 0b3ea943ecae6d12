import { ACTIONS, type ActionName } from './actions.js';
import { Dice } from './dice.js';
import type { Manner } from './network/line.js';
import type { ThingKind } from './program/things.js';
import type { RoleActionName } from './roles/actions.js';
import { rolePlanOf, roleStepsOf, type RolePlan } from './roles/plan.js';

/** One thing that somebody does, with dice of its own: leaving others out does not change it. */
export interface Step {
  readonly action: ActionName | RoleActionName;
  readonly at: number;
  readonly seed: number;
}

export type Ending =
  /** Everything is given up and collected before the sessions end. */
  | 'orderly'
  /** The sessions end with all that is in them. */
  | 'close' | 'cut';

/** What one run does. Each enables some features only, so that the others get the more room. */
export interface Plan {
  readonly seed: number;
  readonly programs: number;
  readonly steps: readonly Step[];
  readonly kinds: readonly ThingKind[];
  readonly manner: Manner;
  /** The longest turn of a program, and the longest delay of a finalizer, in virtual milliseconds. */
  readonly gathering: number;
  readonly finalizing: number;
  /** How often a program keeps what it gets. */
  readonly keeping: number;
  readonly nested: boolean;
  readonly attachments: boolean;
  readonly promises: boolean;
  readonly callbacks: boolean;
  readonly listening: boolean;
  readonly pending: boolean;
  readonly throwing: boolean;
  readonly spoiling: boolean;
  readonly throwingListeners: boolean;
  readonly closingInside: boolean;
  readonly mayIgnoreAnswers: boolean;
  readonly ending: Ending;
  /** A run of its own kind: processes that take turns in a role. */
  readonly roles?: RolePlan;
}

/** The longest that deeds go on, and how far apart they are in shorter runs, in virtual milliseconds. */
const SPAN = 100;
const PAUSE = 4;

/** What a run is about: that is done more often than the rest. */
const THEMES: readonly ReadonlySet<string>[] = [
  new Set(), new Set(['attach', 'detach', 'emit']), new Set(['drop', 'collect', 'release', 'call']),
];

/** How many of the runs are about roles. */
const ROLES = 0.1;

export function planOf(seed: number): Plan {
  const dice = new Dice(seed ^ 0x701e5);
  const plan = sessionPlanOf(seed);
  return dice.chance(ROLES) ? { ...plan, roles: rolePlanOf(dice), steps: roleStepsOf(dice) } : plan;
}

function sessionPlanOf(seed: number): Plan {
  const dice = new Dice(seed);
  const often = (): boolean => dice.chance(0.6);
  const theme = dice.pick(THEMES)!;
  const kinds: ThingKind[] = ['function', 'function'];
  for (const kind of ['item', 'emitter', 'target', 'symbol'] as const) if (often() || (theme.has('attach') && kind === 'emitter')) kinds.push(kind);
  const listening = theme.has('attach') || often();
  return {
    seed,
    programs: dice.chance(theme.has('attach') ? 0.55 : 0.35) ? 3 : 2,
    steps: stepsOf(dice, theme),
    kinds, listening,
    manner: { delay: dice.pick([0, 1, 5, 30])!, split: dice.pick([0, 0.2, 0.7])!, merge: dice.pick([0, 0.5])! },
    gathering: dice.pick(theme.has('collect') ? [2, 60] : [0, 2, 20])!,
    finalizing: dice.pick([0, 5, 40])!,
    keeping: dice.pick([0.3, 0.8])!,
    nested: often(),
    attachments: often(),
    promises: dice.chance(0.3),
    callbacks: often(),
    pending: often(),
    throwing: dice.chance(0.4),
    spoiling: dice.chance(0.3),
    throwingListeners: dice.chance(theme.has('attach') ? 0.4 : 0.1),
    closingInside: dice.chance(0.1),
    mayIgnoreAnswers: dice.chance(0.5),
    ending: dice.pick(['orderly', 'orderly', 'close', 'cut'] as const)!,
  };
}

function stepsOf(dice: Dice, theme: ReadonlySet<string>): Step[] {
  const weighted: ActionName[] = [];
  for (const [name, { weight, always = false }] of Object.entries(ACTIONS) as [ActionName, { weight: number; always?: boolean }][]) {
    const times = theme.has(name) ? 6 : always || dice.chance(0.6) ? dice.pick([1, 2, 6])! : 0;
    for (let i = weight * times; i > 0; i--) weighted.push(name);
  }
  // Most that can go wrong needs few steps, close to each other; some of it needs many.
  const length = dice.chance(0.75) ? dice.integer(8, 26) : dice.integer(20, 55);
  const span = Math.min(SPAN, length * PAUSE);
  const steps: Step[] = Array.from({ length }, () => ({
    action: dice.pick(weighted)!, at: dice.next() * span, seed: dice.integer(0, 2 ** 31),
  }));
  // An end comes late, or it would leave little to see.
  if (dice.chance(0.3)) steps.push({ action: dice.chance(0.5) ? 'close' : 'cut', at: span * (0.4 + dice.next()), seed: dice.integer(0, 2 ** 31) });
  return steps.sort((a, b) => a.at - b.at);
}
