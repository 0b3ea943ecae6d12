import { DynobotError } from '../errors.js';
import { valueOf } from '../peer/calls.js';
import type { Blocking } from '../peer/options.js';
import type { Peer } from '../peer/peer.js';
import type { Incoming } from '../peer/receiver.js';
import { sentForListening, unsubscriber } from '../proxies/listening.js';
import { type Answer } from '../proxies/listening-styles.js';
import { Thrown } from '../proxies/outcome.js';
import { referenceOf, type CallOptions, type InspectOptions, type Reference, type View } from '../proxies/reference.js';
import { OPERATION, type Operation } from '../wire.js';
import { Aside } from './aside.js';
import { dress } from './dress.js';
import { copyToInspect } from './inspect.js';
import { Extensions } from './extensions.js';
import { Level, Levels } from './levels.js';
import { mustHaveRoom } from './room.js';
import { Moment, VALUE, type Listed, type Properties } from './moment.js';

/** How a client stands still, and goes on. */
export interface Waiting {
  /** Hands the peer the frames that are there, or the next that come. False: none came within `ms`. */
  take(ms: number): boolean;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Runs `task` when the event loop is reached again. */
  later(task: () => void): void;
  /** Runs `task` when this turn of the event loop has ended. */
  afterTurn(task: () => void): void;
}

/** Without a deadline of the user's, a host that hangs would hang its clients. */
export const TIMEOUT = 60_000;

/**
 * The session of a client that stands still while it is answered. It is the peer's, with calls that wait: their results
 * are the results themselves. While it waits it serves what belongs to its call, and puts the rest aside for the event loop.
 */
export class BlockingSession implements Blocking {
  readonly #levels = new Levels();
  readonly #moment: Moment;
  readonly #extensions = new Extensions(this);
  readonly #aside = new Aside();
  #isScheduled = false;

  constructor(
    private readonly peer: Peer,
    private readonly waiting: Waiting,
    private readonly timeout: number,
  ) {
    this.#moment = new Moment((task) => waiting.afterTurn(task));
  }

  get label(): string {
    return this.peer.label;
  }

  get ended(): boolean {
    return this.peer.ended;
  }

  /** There is no other session after this one. */
  get succession(): undefined {
    return undefined;
  }

  // What proxies ask

  call(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown, options?: CallOptions): unknown {
    return this.#wait(this.#ask(to, operation, name, args, receiver), to, name, options);
  }

  callback(to: Reference, args: unknown[], receiver: unknown): unknown {
    this.#extensions.embodyReceiver(to, receiver);
    return this.call(to, OPERATION.apply, 0, args, receiver);
  }

  cast(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown): unknown {
    return this.call(to, operation, name, args, receiver);
  }

  unusable(reference: Reference): DynobotError | undefined {
    return this.peer.caller.unusable(reference);
  }

  notify(to: Reference, args: unknown[], receiver: unknown): Promise<unknown> {
    return this.peer.caller.notify(to, args, receiver);
  }

  read(to: Reference, name: string, options?: CallOptions): unknown {
    const mirrored = this.#moment.of(to);
    if (mirrored !== undefined && Object.hasOwn(mirrored, name)) return mirrored[name];
    const listed = this.#moment.listOf(to)?.get(name);
    return listed !== undefined && VALUE in listed ? listed[VALUE] : this.call(to, OPERATION.get, name, [], undefined, options);
  }

  /** All own properties; asked for once while nothing changes. */
  properties(of: Reference): Properties {
    const known = this.#moment.listOf(of);
    if (known !== undefined) return known;
    const listed = this.call(of, OPERATION.properties, 0, []) as Listed[];
    return this.#moment.list(of, new Map(listed.map((property) => [property[0], property])));
  }

  property(of: Reference, name: string): PropertyDescriptor | undefined {
    const known = this.#moment.listOf(of);
    const listed = known?.get(name);
    if (known !== undefined && listed === undefined) return undefined;
    if (listed === undefined || !(VALUE in listed)) return this.call(of, OPERATION.property, name, []) as PropertyDescriptor | undefined;
    return { value: listed[VALUE], writable: listed[2], enumerable: listed[1], configurable: true };
  }

  inspected(proxy: object, options: InspectOptions): object | undefined {
    if (typeof proxy === 'function' || this.ended) return undefined;
    try {
      return copyToInspect(proxy, options);
    } catch (error) {
      // An inspector is not to throw: what is known here is shown.
      if (error instanceof DynobotError) return undefined;
      throw error;
    }
  }

  /** Whether it stands for an object of a subclass that is here, which has properties of its own. */
  isExtended(reference: Reference): boolean {
    return this.#extensions.has(reference);
  }

  assign(to: Reference, name: string, value: unknown, proxy: object): void {
    if (this.#extensions.keepsItself(to, name)) Object.defineProperty(proxy, name, { value, writable: true, enumerable: true, configurable: true });
    else this.call(to, OPERATION.set, name, [value]);
  }

  listening(to: Reference, name: string, answer: Answer, args: unknown[], _proxy: object, isDeclared: boolean): unknown {
    const given = isDeclared ? args : sentForListening(to, name, args);
    const level = this.#ask(to, OPERATION.method, name, given, undefined);
    this.peer.caller.listens(given);
    const result = this.#wait(level, to, name, undefined);
    return answer === 'unsubscriber' && typeof result === 'function' ? unsubscriber(() => void (result as () => unknown)()) : result;
  }

  listens(args: readonly unknown[]): void {
    this.peer.caller.listens(args);
  }

  broken(error: DynobotError): void {
    this.peer.end(error);
  }

  refused(where: string, error: unknown): void {
    this.peer.refused(where, error);
  }

  release(reference: Reference): void {
    this.#extensions.release(reference);
    this.peer.caller.release(reference);
  }

  dress(bare: object, hold: Reference | View): object {
    return dress(bare, hold);
  }

  construct(to: Reference, args: unknown[], newTarget: object): unknown {
    if (referenceOf(newTarget) === to) return this.call(to, OPERATION.construct, 0, args);
    return this.#extensions.construct(to, args, newTarget);
  }

  embody(object: object): Reference | undefined {
    return this.#extensions.embody(object);
  }

  extension(token: number, reference: Reference): object | undefined {
    return this.#extensions.arrived(token, reference);
  }

  mirrored(reference: Reference, snapshot: Record<string, unknown>): void {
    this.#moment.arriving(reference, snapshot);
  }

  // What the peer hands on

  /** What has arrived is handled: it was no call, and no answer. */
  noticed(): void {
    this.#moment.belongsTo(this);
    this.#moment.begin(this);
  }

  /** A call of the other side's: for the call that it belongs to, for who else stands still until it is answered, or for later. */
  arrived(incoming: Incoming): void {
    this.#moment.belongsTo(incoming);
    const level = this.#levels.for(incoming);
    if (level !== undefined) return level.add(incoming);
    this.#aside.push(incoming);
    if (this.#levels.depth > 0) this.#schedule();
  }

  /** A promise is not settled before what was sent before its outcome has been handled. */
  answered(call: number, settle: () => void): void {
    if (this.#levels.has(call) || this.#aside.length === 0) return settle();
    this.#aside.push(() => {
      if (!this.peer.ended) settle();
    });
  }

  /** The event loop is reached. Each may stand still itself, and meanwhile more be put aside: the order stays. */
  serve(): void {
    for (let next = this.#aside.shift(); next !== undefined; next = this.#aside.shift()) {
      if (typeof next === 'function') {
        next();
        continue;
      }
      this.#moment.begin(next);
      const thrown = this.peer.carryOut(next);
      if (thrown !== undefined && next.entry.listens) this.peer.uncaught(thrown.error);
    }
  }

  /**
   * @internal Serves one call for which this client stands still, answered or not: the simulation has several clients in one
   * thread, and who is answered cannot return before those above it on the stack.
   */
  goOn(): boolean {
    const level = this.#levels.top;
    const next = level && (level.next() ?? this.#aside.shiftAwaited());
    if (level === undefined || next === undefined) return false;
    this.#serve(level, next);
    this.peer.flush();
    return true;
  }

  /**
   * Stands still until something comes, or the heartbeat is due, which gets its turn; not beyond `deadline`. False: that has
   * passed, and nothing came.
   */
  standStill(deadline: number): boolean {
    this.peer.flush();
    const left = Math.max(0, deadline - this.waiting.now());
    return this.#take(left) || this.waiting.now() < deadline;
  }

  /** @internal */
  get standsStill(): boolean {
    return this.#levels.depth > 0;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.waiting.later(() => {
      this.#isScheduled = false;
      this.serve();
    });
  }

  #ask(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown): Level {
    mustHaveRoom(this.#levels.depth > 0);
    if (CHANGING.has(operation)) this.#moment.changed(to, args);
    const level = new Level();
    level.call = this.peer.caller.ask(to, operation, name, args, receiver, (outcome) => {
      this.#moment.belongsTo(level);
      level.outcome = { value: outcome };
    });
    return level;
  }

  #wait(level: Level, to: Reference, name: string | 0, options: CallOptions | undefined): unknown {
    options?.signal?.throwIfAborted();
    const { timeout = this.timeout } = options ?? {};
    const deadline = timeout > 0 ? this.waiting.now() + timeout : Infinity;
    this.#levels.push(level);
    try {
      while (!this.#advance(level, deadline));
    } finally {
      for (const incoming of this.#levels.pop()) this.#aside.push(incoming);
      if (this.#aside.length > 0) this.#schedule();
    }
    if (level.outcome === undefined) throw this.#late(level, to, name, timeout);
    this.#moment.begin(level);
    return this.#resultOf(level);
  }

  /** What is to be served while the level's call is waited for. */
  #next(level: Level): Incoming | undefined {
    return level.next() ?? (level.outcome === undefined ? this.#aside.shiftAwaited() : undefined);
  }

  /** Serves one call, or takes what comes. True: there is nothing more to wait for. */
  #advance(level: Level, deadline: number): boolean {
    const next = this.#next(level);
    if (next !== undefined) {
      this.#serve(level, next);
      if (this.peer.heartbeat.dueIn === 0) this.#take(0);
      return false;
    }
    if (level.outcome !== undefined) return true;
    return !this.standStill(deadline);
  }

  /** Silence is looked for, and a beat thought of, when all that is there was taken: we may have been busy. */
  #take(ms: number): boolean {
    const { heartbeat } = this.peer;
    const came = this.waiting.take(Math.min(ms, heartbeat.dueIn));
    heartbeat.turn();
    return came;
  }

  /** Once something that belongs to the call has thrown, nothing more of it runs: locally, the error would have ended it. */
  #serve(level: Level, incoming: Incoming): void {
    const isOwn = incoming.course === level.call;
    if (isOwn && level.thrown !== undefined) return this.peer.dismiss(incoming);
    this.#moment.begin(incoming);
    const thrown = this.peer.carryOut(incoming);
    if (isOwn) level.thrown = thrown;
  }

  #late(level: Level, to: Reference, name: string | 0, timeout: number): DynobotError {
    this.peer.caller.giveUp(level.call);
    this.peer.flush();
    const what = name === 0 ? 'a function' : `${to.called ?? to.mirror?.shape.name ?? 'an object'}.${name}`;
    return new DynobotError('ERR_DYNOBOT_TIMEOUT', `${what} was not answered by ${this.label} within ${timeout} ms`);
  }

  /** What a callback has thrown comes out of the call; but of one that answers with a promise, it is the promise's affair. */
  #resultOf({ outcome, thrown }: Level): unknown {
    const value = outcome!.value;
    if (thrown !== undefined && !(value instanceof Promise)) throw thrown.error;
    return valueOf(value, value instanceof Thrown ? this.call : undefined);
  }
}

/** Operations after which what was mirrored of an object may not be so any more. */
const CHANGING = new Set<Operation>([
  OPERATION.apply, OPERATION.method, OPERATION.construct, OPERATION.set, OPERATION.delete, OPERATION.define, OPERATION.extend,
]);
