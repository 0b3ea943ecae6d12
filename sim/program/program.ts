import type { End } from '../network/end.js';
import type { Link } from '../network/link.js';
import type { Call } from '../model/call.js';
import type { Emission } from '../model/emission.js';
import type { Dice } from '../dice.js';
import type { World } from '../world.js';
import { carryOut, type Work } from './callee.js';
import { Comparison } from './comparison.js';
import { Heap } from './heap.js';
import { told } from './objects.js';
import type { Thing, ThingKind, Value } from './things.js';

/** A listener that this program has attached to another's emitter. */
export interface Attached {
  readonly emitter: Value;
  readonly event: string;
  readonly listener: Value;
  readonly capture: boolean;
}

/** More handles than this are not kept: a run should not only grow. */
const HANDLES = 12;

/** A process of the simulation: its own values, and all that it holds of others. */
export class Program {
  readonly heap: Heap;
  /** Its sessions, towards the first program and towards the last. */
  readonly ends: End[] = [];
  readonly things: Thing[] = [];
  /** Stand-ins that its code holds. */
  readonly handles = new Set<Value>();
  readonly works: Work[] = [];
  readonly attached: Attached[] = [];
  readonly aborts: AbortController[] = [];
  /** Its own promises that others may wait for. */
  readonly promises: ((outcome: number) => void)[] = [];
  /** Stand-ins of promises that it waits for. */
  awaiting = 0;
  /** The session whose messages are being handled. */
  reading: End | undefined;
  /** Events that its listeners must be told of before anything else. */
  readonly hears: { emission: Emission; listener: Thing }[] = [];
  /** Reads of its items' properties that are due. */
  readonly reads: Call[] = [];
  /** Errors that its listeners have thrown, with who has. */
  readonly thrown = new Map<unknown, Thing>();
  readonly published = new Map<string, { end: End; thing: Thing }>();

  constructor(
    readonly world: World,
    readonly index: number,
  ) {
    this.heap = new Heap(world);
  }

  get name(): string {
    return 'ABC'[this.index]!;
  }

  // Where things are

  toward(home: Program): End {
    return this.next(this.world.programs[this.index + Math.sign(home.index - this.index)]!);
  }

  next(program: Program): End {
    return this.ends.find((end) => end.other.program === program)!;
  }

  pathTo(home: Program): Link[] {
    if (home === this) return [];
    const end = this.toward(home);
    return [end.link, ...end.other.program.pathTo(home)];
  }

  /** What a value stands for, as this program knows it. */
  tokenOf(value: Value): number | undefined {
    const own = this.world.thingOf(value);
    if (own?.home === this) return own.token;
    this.heap.learn();
    const cell = this.heap.cells.get(value);
    return cell?.end === undefined || cell.token === 0 ? undefined : cell.token;
  }

  thingOf(value: Value): Thing {
    return this.world.things[this.tokenOf(value)!]!;
  }

  valueOf(token: number): Value | undefined {
    const thing = this.world.things[token];
    return thing?.home === this ? thing.value : this.heap.standIn(token)?.value;
  }

  /** Why `got` is not what must stand here for a value; undefined if it is. */
  misjudges(token: number, got: unknown): string | undefined {
    const thing = this.world.things[token]!;
    if (thing.home === this) return got === thing.value ? undefined : `${thing.name} came home as something else`;
    const cell = this.heap.standIn(token);
    if (cell === undefined) return `there is no stand-in for ${thing.name}`;
    return cell.value === got ? undefined : `what arrived for ${thing.name} is not its stand-in`;
  }

  // What it sends

  make(kind: ThingKind): Thing {
    const thing = this.world.makeThing(kind, this);
    this.things.push(thing);
    return thing;
  }

  usable(value: Value): boolean {
    return this.heap.cells.get(value)?.released !== true;
  }

  /** A function of its own: a new one, or one that others may know already. */
  someFunction(dice: Dice): Value {
    const known = dice.chance(0.5) ? dice.pick(this.things.filter((thing) => thing.kind === 'function' && !this.isWithdrawn(thing))) : undefined;
    return (known ?? this.make('function')).value;
  }

  someValue(dice: Dice): Value {
    const { kinds } = this.world.plan;
    const held = dice.chance(0.4) ? dice.pick([...this.handles].filter((value) => this.usable(value))) : undefined;
    if (held !== undefined) return held;
    const sendable = this.things.filter((thing) => !thing.dropped && !this.isWithdrawn(thing));
    const known = dice.chance(0.5) ? dice.pick(sendable) : undefined;
    return (known ?? this.make(dice.pick(kinds)!)).value;
  }

  isWithdrawn({ token }: Thing): boolean {
    return this.ends.some((end) => end.withdrawn.has(token));
  }

  promise(dice: Dice): Promise<unknown> {
    if (dice.chance(0.3)) return Promise.resolve(dice.integer(0, 99));
    return new Promise((resolve) => this.promises.push(resolve));
  }

  services(link: Link): [string, object][] {
    return [...this.published].filter(([, { end }]) => end.link === link).map(([name, { thing }]) => [name, thing.value as object]);
  }

  /** What it offers from the beginning. The first program offers something in any case. */
  publishFirst(end: End, dice: Dice): void {
    const kinds = this.world.plan.kinds.filter((kind) => kind !== 'symbol');
    for (let i = dice.integer(this.index === 0 ? 1 : 0, 2); i > 0; i--) {
      this.published.set(`service${this.published.size}${this.name}`, { end, thing: this.make(dice.pick(kinds)!) });
    }
  }

  /** Publishes a new service, or again one that was withdrawn. */
  publish(end: End, dice: Dice): void {
    const withdrawn = this.things.filter(({ token }) => end.withdrawn.has(token));
    const thing = (dice.chance(0.5) ? dice.pick(withdrawn) : undefined) ?? this.make(dice.pick(['function', 'item', 'emitter', 'target'] as const)!);
    const name = `service${this.published.size}${this.name}`;
    this.published.set(name, { end, thing });
    end.withdrawn.delete(thing.token);
    thing.found(end).add(name, undefined, true);
    end.peer.publish(name, thing.value as object);
  }

  /**
   * Takes a service back. With three programs an emitter stays: its events could go on through the third. What is packed
   * already could mention the service once more, and so decide whether it is exported anew.
   */
  withdraw(end: End, dice: Dice): void {
    if (end.unsent > 0) return;
    const names = [...this.published].filter(([, { end: at, thing }]) => at === end && !end.withdrawn.has(thing.token) && (thing.listeners === undefined || this.world.programs.length === 2));
    const [name, { thing }] = dice.pick(names) ?? [undefined, {}];
    if (name === undefined || thing === undefined) return;
    // One that the other side has given back is none of its services any more.
    if (end.exported.has(thing.token)) end.withdrawn.add(thing.token);
    end.peer.withdraw(thing.value as object);
    end.peer.unpublish(name);
    this.world.traffic.detachFrom(end, thing);
  }

  // What comes to it

  /** The code of one of its values is called. */
  used(thing: Thing, receiver: unknown, args: unknown[]): unknown {
    const [verb, number, payload] = told(args) as [string, number, unknown];
    if (verb === 'event') return this.#hear(thing, receiver, number, payload);
    this.reading?.readUntil(() => this.world.calls.get(number)?.stage === 'arrived');
    const call = this.world.calls.get(number);
    if (verb !== 'call' || call === undefined) return this.world.problem('errors', `${thing.name} is called with ${String(verb)} ${String(number)}`);
    call.carriedOut(thing);
    this.#mustBeReceiver(thing, receiver, call.receiver, call.name);
    return carryOut(this, call, this.takes(payload, call.payload, call.from, call.name));
  }

  read(thing: Thing): number {
    this.reading?.readUntil(() => this.reads.length > 0);
    const call = this.reads.shift();
    if (call === undefined) this.world.problem('misordered', `${thing.name} is read, which nobody asked for`);
    call?.carriedOut(thing);
    if (call !== undefined) call.outcome = { returns: thing.level };
    return thing.level;
  }

  assigned(thing: Thing, level: number): void {
    this.reading?.readUntil(() => this.world.calls.get(level)?.stage === 'arrived');
    this.world.calls.get(level)?.carriedOut(thing);
    thing.level = level;
  }

  #hear(thing: Thing, receiver: unknown, number: number, payload: unknown): void {
    this.reading?.readUntil(() => this.hears.length > 0);
    const due = this.hears.shift();
    if (due === undefined || due.emission.number !== number || due.listener !== thing) {
      const expected = due === undefined ? 'nothing' : `event ${due.emission.number} for ${due.listener.name}`;
      return this.world.problem('misordered', `${this.name}: ${thing.name} hears event ${number}, expected was ${expected}`);
    }
    this.world.trace?.(`${thing.name} hears event ${number}`);
    this.#mustBeReceiver(thing, receiver, due.emission.emitter, `event ${number}`);
    this.takes(payload, due.emission.payload, due.emission.from, `event ${number}`);
    if (this.world.plan.throwingListeners && this.world.dice.chance(0.3)) this.#throw(thing, number);
  }

  #throw(thing: Thing, number: number): never {
    const error = new Error(`thrown by ${thing.name} at event ${number}`);
    this.thrown.set(error, thing);
    throw error;
  }

  #mustBeReceiver(thing: Thing, receiver: unknown, expected: Thing | undefined, what: string): void {
    const wrong = expected === undefined ? this.#misplaces(thing, receiver) : this.misjudges(expected.token, receiver);
    if (wrong !== undefined) this.world.problem('premature', `${what}: its this: ${wrong}`);
  }

  #misplaces(thing: Thing, receiver: unknown): string | undefined {
    if (thing.kind !== 'function') return receiver === thing.value ? undefined : 'another object';
    // What the middle program passes on may hold functions of its own, in objects that only the session knows.
    if (this.reading === undefined || this.ends.length > 1 || thing.found(this.reading).allows(receiver)) return undefined;
    return receiver === undefined ? 'missing' : 'not the object that it was sent in';
  }

  /** Values arrive. Returns the functions among them. */
  takes(got: unknown, sent: unknown, from: Program, what: string): Value[] {
    const comparison = new Comparison(from, this);
    const difference = comparison.difference(sent, got, what);
    if (difference !== undefined) this.world.problem('premature', difference);
    for (const { got: promise } of comparison.promises) this.#awaits(promise, from);
    for (const value of comparison.received) if (this.handles.size < HANDLES && this.world.dice.chance(this.world.plan.keeping)) this.handles.add(value);
    return comparison.received;
  }

  #awaits(promise: Promise<unknown>, from: Program): void {
    const path = this.pathTo(from);
    this.awaiting++;
    promise.then(
      (value) => {
        if (typeof value !== 'number') this.world.problem('errors', `a promise of ${from.name} is fulfilled with ${String(value)}`);
      },
      (error: { code?: string }) => {
        if (!path.some((link) => link.ending)) this.world.problem('errors', `a promise of ${from.name} is rejected: ${String(error)}`);
      },
    ).finally(() => this.awaiting--);
  }

  service(end: End, name: string, proxy: object | undefined): void {
    this.world.trace?.(`${this.name}: service ${name} ${proxy === undefined ? 'goes' : 'comes'}`);
    if (proxy === undefined) return;
    const { thing } = end.other.program.published.get(name)!;
    const wrong = this.misjudges(thing.token, proxy);
    if (wrong !== undefined) this.world.problem('premature', `service ${name}: ${wrong}`);
    if (thing.home !== this) this.handles.add(proxy);
  }

  // What goes wrong

  failed(end: End, error: unknown, where: string): void {
    const { code } = error as { code?: string };
    if (code === 'ERR_DYNOBOT_DISCONNECTED' && this.world.links.some((link) => link.ending)) return;
    if (/^thrown by f\d+ at event/.test((error as Error).message)) return;
    if (code === 'ERR_DYNOBOT_NO_SERVICE' || (this.world.plan.spoiling && code === 'ERR_DYNOBOT_UNCLONABLE')) return;
    this.world.problem('errors', `${end.name} reports of ${where}: ${(error as Error)?.stack ?? String(error)}`);
  }

  /** What a listener throws is its own program's affair, if it was this that made it one. */
  uncaught(error: unknown): void {
    const listener = this.thrown.get(error);
    if (listener?.listens !== true) this.world.problem('errors', `${this.name}, uncaught: ${(error as Error)?.stack ?? String(error)}`);
  }

  /** Whatever was due to its listeners has been told. */
  mustHaveHeard(): void {
    const lost = this.hears.shift();
    if (lost !== undefined) this.world.problem('misordered', `${this.name}: ${lost.listener.name} does not hear of event ${lost.emission.number}`);
  }
}
