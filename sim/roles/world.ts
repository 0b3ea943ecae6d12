import { Clock } from '../clock.js';
import { Dice } from '../dice.js';
import type { Plan, Step } from '../plan.js';
import type { Count, Problem } from '../problem.js';
import { Accounts } from './accounts.js';
import { ROLE_ACTIONS, type RoleActionName } from './actions.js';
import { RoleSimHost } from './host.js';
import { States } from './states.js';
import { Worker } from './worker.js';

/** Everything of one run with a role: a host, and processes that take turns in it. */
export class RoleWorld {
  readonly clock = new Clock();
  readonly dice: Dice;
  readonly problems: Problem[] = [];
  readonly accounts = new Accounts(this);
  readonly states = new States(this);
  readonly host: RoleSimHost;
  readonly workers: Worker[] = [];
  messages = 0;
  /** The faults are over: everything must come right now. */
  isEnding = false;
  #listeners = 0;

  constructor(
    readonly plan: Plan,
    readonly trace?: (line: string) => void,
  ) {
    this.dice = new Dice(plan.seed + 0x5eed);
    this.host = new RoleSimHost(this);
  }

  get isAtLeastOnce(): boolean {
    return this.plan.roles!.options.redelivery === 'at-least-once';
  }

  /** Events that are given again, or to several at a time, may overtake each other. */
  get mayBeDisordered(): boolean {
    return this.isAtLeastOnce || this.plan.roles!.instances > 1;
  }

  problem(count: Count, what: string): void {
    this.trace?.(`PROBLEM ${count}: ${what}`);
    this.problems.push({ count, what });
  }

  nextListener(): number {
    return ++this.#listeners;
  }

  spawn(instance: string): Worker {
    const number = this.workers.length + 1;
    const worker = new Worker(this, `w${number}`, instance, number);
    this.workers.push(worker);
    this.host.ends.push(worker.end);
    worker.open();
    return worker;
  }

  act({ action, seed }: Step): void {
    this.trace?.(action);
    ROLE_ACTIONS[action as RoleActionName].run(this, new Dice(seed));
  }

  /** Stand-ins of listeners that have been detached on both sides. */
  collectAtHost(dice: Dice, all = false): number {
    const quiet = this.workers.filter((worker) => !worker.over && worker.isRunning && worker.link.isQuiet);
    const used = new Set(quiet.flatMap(({ listeners }) => listeners.map(({ id }) => `l${id}`)));
    const owned = (name: string): boolean => quiet.some((worker) => worker.owns(name));
    return this.host.heap.collect(dice, (name) => owned(name) && !used.has(name), all);
  }
}
