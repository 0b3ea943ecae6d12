import type { Dice } from '../dice.js';
import type { CompleteRoleOptions, ParkingPolicy } from '../../src/roles/options.js';
import { ROLE_DEFAULTS } from '../../src/roles/options.js';
import type { Step } from '../plan.js';
import { ROLE_ACTIONS, type RoleActionName } from './actions.js';

/** What one run with a role does. */
export interface RolePlan {
  /** Places in the role. */
  readonly instances: number;
  readonly emitters: number;
  readonly options: Omit<CompleteRoleOptions, 'share'>;
  readonly sticky: boolean;
  /** Whether processes hand states over, whether they save some. */
  readonly handing: boolean;
  readonly saving: boolean;
  /** Whether all processes listen to all events, all the time. */
  readonly steady: boolean;
  readonly asynchronous: boolean;
  readonly throwing: boolean;
  readonly failing: boolean;
  /** Whether emitters have pause and resume. */
  readonly pausable: boolean;
}

const SPAN = 120;
const POLICIES: readonly ParkingPolicy[] = ['park', 'park', 'drop-oldest', 'latest', 'pause'];

export function rolePlanOf(dice: Dice): RolePlan {
  const often = (): boolean => dice.chance(0.6);
  const instances = dice.pick([1, 1, 1, 2, 4])!;
  const isTight = dice.chance(0.5);
  return {
    instances,
    emitters: dice.integer(1, 2),
    options: {
      ...ROLE_DEFAULTS,
      events: isTight ? dice.integer(0, 6) : 1000,
      bytes: isTight ? dice.integer(60, 400) : 1_000_000,
      age: dice.chance(0.4) ? dice.integer(5, 60) : 100_000,
      policy: often() ? 'park' : { x: dice.pick(POLICIES)!, y: dice.pick(POLICIES)! },
      redelivery: dice.chance(0.4) ? 'at-least-once' : 'at-most-once',
      ahead: dice.pick([1, 3, 256])!,
      start: dice.chance(0.2) ? 60 : 100_000,
      handover: dice.chance(0.3) ? 20 : 10_000,
      drain: dice.chance(0.3) ? 30 : 10_000,
    },
    sticky: instances > 1 && often(),
    handing: often(),
    saving: dice.chance(0.4),
    steady: often(),
    asynchronous: often(),
    throwing: dice.chance(0.2),
    failing: dice.chance(0.4),
    pausable: often(),
  };
}

export function roleStepsOf(dice: Dice): Step[] {
  const weighted: RoleActionName[] = [];
  for (const [name, { weight, always = false }] of Object.entries(ROLE_ACTIONS) as [RoleActionName, { weight: number; always?: boolean }][]) {
    const times = always || dice.chance(0.7) ? dice.pick([1, 1, 2, 5])! : 0;
    for (let i = weight * times; i > 0; i--) weighted.push(name);
  }
  const any = (): Step => ({ action: dice.pick(weighted)!, at: dice.next() * SPAN, seed: dice.integer(0, 2 ** 31) });
  const steps = Array.from({ length: dice.integer(8, 40) }, any);
  steps.push({ action: 'spawn', at: 0, seed: dice.integer(0, 2 ** 31) });
  return steps.sort((a, b) => a.at - b.at);
}
