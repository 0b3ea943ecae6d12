import { ACTIONS, type ActionName } from './actions.js';
import { Clock } from './clock.js';
import { Dice } from './dice.js';
import { Call, type CallDetails } from './model/call.js';
import type { Emission } from './model/emission.js';
import { Traffic } from './model/traffic.js';
import { Link } from './network/link.js';
import type { Plan, Step } from './plan.js';
import type { Count, Problem } from './problem.js';
import { anyEvent } from './program/listener.js';
import { makePayload, markContainers, spoil } from './program/payload.js';
import { Program } from './program/program.js';
import { emit } from './program/objects.js';
import { offer } from './program/services.js';
import { makeThing, type Thing, type ThingKind, type Value } from './program/things.js';

/** Calls and events that one run may make: callbacks of callbacks would never end. */
const BUDGET = 90;

/** Everything of one run. */
export class World {
  readonly clock = new Clock();
  readonly dice: Dice;
  readonly traffic = new Traffic();
  readonly programs: Program[] = [];
  readonly links: Link[] = [];
  /** By token; there is none of number 0. */
  readonly things: (Thing | undefined)[] = [undefined];
  readonly calls = new Map<number, Call>();
  readonly emissions = new Map<number, Emission>();
  readonly problems: Problem[] = [];
  messages = 0;
  /** Whether the code of the programs only answers what it is asked. */
  quiet = false;
  readonly #byValue = new Map<unknown, Thing>();
  #numbers = 0;
  #budget = BUDGET;

  constructor(
    readonly plan: Plan,
    readonly trace?: (line: string) => void,
  ) {
    this.dice = new Dice(plan.seed + 0x5eed);
    for (let i = 0; i < plan.programs; i++) this.programs.push(new Program(this, i));
    for (let i = 1; i < plan.programs; i++) this.#link(this.programs[i - 1]!, this.programs[i]!);
    for (const program of this.programs) for (const end of program.ends) offer(program, end, this.dice);
    for (const link of this.links) link.open();
  }

  #link(left: Program, right: Program): void {
    const link = new Link(this, left, right);
    this.links.push(link);
    left.ends.push(link.ends[0]);
    right.ends.push(link.ends[1]);
  }

  problem(count: Count, what: string): void {
    this.trace?.(`PROBLEM ${count}: ${what}`);
    this.problems.push({ count, what });
  }

  makeThing(kind: ThingKind, home: Program): Thing {
    const thing = makeThing(kind, this.things.length, home);
    this.things.push(thing);
    this.#byValue.set(thing.value, thing);
    return thing;
  }

  /** The thing that a value is, not what it stands for. */
  thingOf(value: Value): Thing | undefined {
    return this.#byValue.get(value);
  }

  maySpend(): boolean {
    return this.#budget-- > 0;
  }

  /** From here on, calls find out whether everything has survived, and do nothing else. */
  quieten(): void {
    this.quiet = true;
    this.#budget = Infinity;
  }

  call(details: CallDetails): Call {
    const call = new Call(this, ++this.#numbers, details);
    this.calls.set(call.number, call);
    this.trace?.(call.name);
    return call;
  }

  /** One of a program's emitters emits an event. */
  emit(program: Program, dice: Dice): void {
    const emitter = anyEmitter(program, dice);
    if (emitter === undefined || !this.maySpend()) return;
    const spoilt = this.plan.spoiling && dice.chance(0.15);
    const payload = spoilt ? spoil(makePayload(program, dice)) : makePayload(program, dice);
    this.#emit(program, emitter, anyEvent(dice), payload, spoilt);
  }

  /** A burst of one event, of nothing but data most of the time: so many cross as a series. */
  emitMany(program: Program, dice: Dice): void {
    const emitter = anyEmitter(program, dice);
    if (emitter === undefined || !this.maySpend()) return;
    const event = anyEvent(dice);
    for (let left = dice.integer(8, 20); left > 0; left--) {
      const payload = dice.chance(0.97) ? { left } : makePayload(program, dice);
      this.#emit(program, emitter, event, payload, false);
    }
  }

  #emit(program: Program, emitter: Thing, event: string, payload: unknown, spoilt: boolean): void {
    const emission: Emission = { number: ++this.#numbers, from: program, emitter, event, payload, spoilt };
    this.emissions.set(emission.number, emission);
    this.trace?.(`${emitter.name} emits ${emission.event} ${emission.number}`);
    for (const end of program.ends) markContainers(emission.payload, end, false);
    this.traffic.emitted(emission);
    emit(emitter.value, emission);
  }

  act({ action, seed }: Step): void {
    const dice = new Dice(seed);
    const program = dice.pick(this.programs)!;
    this.trace?.(`${program.name}: ${action}`);
    ACTIONS[action as ActionName].run(program, dice, this);
  }
}

function anyEmitter(program: Program, dice: Dice): Thing | undefined {
  return dice.pick(program.things.filter(({ listeners, dropped }) => listeners !== undefined && !dropped));
}
