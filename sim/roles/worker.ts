import type { DynobotError } from '../../src/errors.js';
import type { PeerOwner } from '../../src/peer/owner.js';
import { Peer } from '../../src/peer/peer.js';
import { Turn, type Start } from '../../src/roles/turn.js';
import type { Dice } from '../dice.js';
import { RoleHeap } from './heap.js';
import { HostEnd } from './host-end.js';
import { EVENTS } from './host.js';
import { kinds, peerOptionsOf, platformOf, RoleLink } from './link.js';
import type { RoleWorld } from './world.js';

type Handler = (number: number, ticket: { number: number }, data: Data) => unknown;

interface Data {
  readonly n: number;
  readonly list: number[];
  readonly reply?: () => Promise<number>;
}

export interface Listener {
  readonly id: number;
  /** The object and the event. */
  readonly what: string;
  readonly emitter: number;
  readonly event: string;
  readonly once: boolean;
  readonly handler: Handler;
}

interface State {
  readonly by: string;
  readonly last: number;
  readonly save: number;
}

type Remote = Record<'on' | 'once' | 'prependListener' | 'off', (event: string, handler: Handler) => unknown>;

/** A process that takes turns. */
export class Worker implements PeerOwner {
  readonly link: RoleLink;
  readonly heap: RoleHeap;
  readonly peer: Peer;
  readonly role: Turn;
  readonly end: HostEnd;
  isRunning = true;
  /** The latest event that it has heard of. */
  last = 0;
  /** What it listens to, in the order of hearing. */
  listeners: Listener[] = [];
  /** It has asked for its turn, and has it. */
  hasAsked = false;
  isLive = false;
  isRetired = false;
  over = false;
  hasClosed = false;
  /** What it does as soon as it has connected. */
  arrived: (() => void) | undefined;
  /** What it has saved, and the host has not yet said whether it keeps it. */
  readonly saves: number[] = [];
  /** Handlers that are still at it. */
  readonly works: (() => void)[] = [];
  readonly #proxies = new Map<string, Remote>();
  /** What it holds of what came with events. */
  readonly #kept = new Set<unknown>();
  readonly #seen = new Set<string>();
  readonly #replies: (() => Promise<number>)[] = [];
  readonly #made = new Map<string, Listener>();
  readonly #spent = new Set<Listener>();
  #steady = true;

  constructor(
    private readonly world: RoleWorld,
    readonly name: string,
    readonly instance: string,
    session: number,
  ) {
    const isRunning = (): boolean => this.isRunning;
    this.link = new RoleLink(world, name, isRunning, { sent: () => {}, arrived: () => world.host.look() });
    this.heap = new RoleHeap(world, isRunning);
    this.end = new HostEnd(world, session, this);
    const platform = platformOf(world, this.heap, this.link, isRunning, (error) => this.#uncaught(error));
    const options = peerOptionsOf(platform, 'host', false);
    this.peer = new Peer(this.link.client, this, options);
    this.role = new Turn(this.peer, platform, {
      retiring: () => void (this.isRetired = true),
      missed: () => {},
      unhanded: (error) => this.failed(error, 'the handover'),
      failed: (error, where) => this.failed(error, where),
    }, { kinds, depth: options.limits.depth, most: options.limits.frame });
  }

  open(): void {
    const services = this.world.host.emitters.map((emitter): [string, object] => [emitter.name, emitter]);
    this.end.peer.open({ name: 'host', pid: 0, services: services.length }, services);
    this.peer.open({ name: this.name, pid: 1, services: 0, role: { name: 'job', instance: this.instance } }, []);
  }

  // What its code does

  /** Attaches what it listens to, when it has connected. */
  begin(dice: Dice): void {
    const { plan: { roles } } = this.world;
    if (roles!.handing && dice.chance(0.7)) this.role.onHandover(() => this.#handOver(dice));
    for (const [i] of this.world.host.emitters.entries()) {
      for (const event of EVENTS) if (roles!.steady || dice.chance(0.7)) this.attach(i, event, dice);
    }
  }

  attach(emitter: number, event: string, dice: Dice): void {
    const proxy = this.#proxies.get(`e${emitter}`);
    if (proxy === undefined || this.peer.ended) return;
    const { steady } = this.world.plan.roles!;
    const method = steady || dice.chance(0.7) ? 'on' : dice.pick(['once', 'prependListener'] as const)!;
    const id = this.world.nextListener();
    const listener: Listener = { id, what: `e${emitter} ${event}`, emitter, event, once: method === 'once', handler: this.#handler(id) };
    this.#made.set(`l${id}`, listener);
    if (method === 'prependListener') this.listeners.unshift(listener);
    else this.listeners.push(listener);
    proxy[method](event, listener.handler);
    this.peer.caller.listens([listener.handler]);
  }

  detach(dice: Dice): void {
    const listener = dice.pick(this.listeners);
    if (listener === undefined || this.peer.ended) return;
    this.#steady = false;
    this.listeners = this.listeners.filter((other) => other !== listener);
    this.#proxies.get(`e${listener.emitter}`)!.off(listener.event, listener.handler);
  }

  ready(dice: Dice): void {
    if (this.hasAsked || this.over || this.#proxies.size === 0) return;
    const { failing } = this.world.plan.roles!;
    const fails = failing && !this.world.isEnding && dice.chance(0.3);
    this.hasAsked = !fails;
    const check = fails ? { check: () => dice.chance(0.5) ? false : Promise.reject(new Error('unwell')) } : {};
    this.role.ready(check).then((start) => this.#started(start), (error: { code?: string }) => {
      const isExpected = error.code === 'ERR_DYNOBOT_DISCONNECTED' || (fails && error.code === 'ERR_DYNOBOT_NOT_READY');
      if (!isExpected) this.world.problem('errors', `${this.name}: ready() fails: ${String(error)}`);
    });
  }

  save(): void {
    if (!this.isLive || this.over) return;
    const save = this.world.states.saving(this);
    this.saves.push(save);
    void this.role.save({ by: this.name, last: this.last, save } satisfies State);
  }

  settle(): void {
    this.works.shift()?.();
  }

  collect(dice: Dice, all = false): number {
    const isFree = (name: string): boolean => this.#seen.has(name) && !this.#kept.has(name);
    return this.heap.collect(dice, isFree, all);
  }

  close(): void {
    if (this.over) return;
    this.hasClosed = true;
    this.peer.end();
  }

  /** SIGKILL. */
  kill(): void {
    this.isRunning = false;
    this.over = true;
    this.link.cut();
    this.world.trace?.(`${this.name} is killed`);
  }

  /** Whether it has made a listener of that name. */
  owns(name: string): boolean {
    return this.#made.has(name);
  }

  get tables(): number {
    return Object.values(this.peer.tables).reduce((sum, size) => sum + size, 0);
  }

  #handOver(dice: Dice): unknown {
    if (this.world.plan.roles!.failing && dice.chance(0.2)) throw new Error('nothing to tell');
    const state = (): State => ({ by: this.name, last: this.last, save: 0 });
    return dice.chance(0.5) ? state() : Promise.resolve().then(state);
  }

  #started({ previous }: Start): void {
    this.isLive = true;
    const state = previous as State | undefined;
    this.world.states.given(this, state);
    this.world.trace?.(`${this.name} has its turn, with ${JSON.stringify(state)}`);
  }

  #handler(id: number): Handler {
    const { world } = this;
    const name = `l${id}`;
    return { [name]: (number: number, ticket: { number: number }, data: Data): unknown => {
      // It may have been detached while the event was under way.
      const listener = this.#made.get(name)!;
      if (!this.isRunning) return undefined;
      if (!this.isLive) world.problem('misordered', `${this.name} hears of event ${number} before its turn`);
      world.trace?.(`${this.name} hears event ${number}`);
      this.#mustBeFirst(listener, number);
      if (listener.once && this.#spent.has(listener)) world.problem('listeners', `${this.name} hears event ${number} with a listener that was to hear one only`);
      if (listener.once) this.#spent.add(listener);
      if (listener.once) this.listeners = this.listeners.filter((other) => other !== listener);
      world.accounts.heard(this, listener, number, ticket.number === number && data.n === number && data.list[0] === number);
      if (data.reply !== undefined) this.#use(number, data.reply);
      return this.#work(number);
    } }[name]!;
  }

  /** While nothing changes, each event is heard by all listeners of a process, in order. */
  #mustBeFirst(listener: Listener, number: number): void {
    const all = this.listeners.filter(({ what }) => what === listener.what);
    const heard = this.world.accounts.hearers(this, number);
    const { steady } = this.world.plan.roles!;
    if (steady && this.#steady && all[heard] !== listener) this.world.problem('misordered', `${this.name}: listener ${listener.id} hears event ${number} out of its order`);
  }

  #use(number: number, reply: () => Promise<number>): void {
    const { dice } = this.world;
    this.#seen.add(`r${number}`);
    if (!dice.chance(0.5)) return;
    this.#kept.add(`r${number}`);
    this.#replies.push(reply);
    reply().then((answer) => {
      if (answer !== number) this.world.problem('premature', `reply to event ${number} reaches that of ${answer}`);
      this.#kept.delete(`r${number}`);
    }, (error: { code?: string }) => {
      if (error.code !== 'ERR_DYNOBOT_DISCONNECTED') this.world.problem('premature', `reply to event ${number} fails: ${String(error)}`);
    });
  }

  #work(number: number): unknown {
    const { plan: { roles }, dice } = this.world;
    if (roles!.throwing && dice.chance(0.1)) throw Object.assign(new Error(`thrown at event ${number}`), { number });
    if (!roles!.asynchronous || this.world.isEnding || !dice.chance(0.4)) return undefined;
    this.world.accounts.works(this, number, 1);
    return new Promise<void>((resolve) => this.works.push(() => {
      if (!this.isRunning) return;
      this.world.accounts.works(this, number, -1);
      resolve();
    }));
  }

  /** Some processes die of what they throw, some do not. */
  #uncaught(error: unknown): void {
    const { number } = error as { number?: number };
    if (number === undefined) return this.world.problem('errors', `uncaught in ${this.name}: ${String(error)}`);
    if (!this.world.dice.chance(0.5) || this.world.isEnding) return;
    this.world.accounts.wasFatal(this, number);
    // Before any timer, but after what has been said already.
    this.world.clock.after(0.5, () => this.kill());
  }

  // What its session tells

  greeted(): void {}

  service(name: string, proxy: object | undefined): void {
    this.#proxies.set(name, proxy as unknown as Remote);
    if (this.#proxies.size === this.world.host.emitters.length) this.arrived?.();
  }

  failed(error: unknown, where: string): void {
    if (!/handover/.test(where)) this.world.problem('errors', `${this.name}, ${where}: ${String(error)}`);
  }

  ended(reason: DynobotError | undefined): void {
    this.over = true;
    this.isLive = false;
    this.role.ended(reason);
    if (reason !== undefined && reason.kind !== 'disconnected' && reason.kind !== 'timeout') this.world.problem('errors', `${this.name} ended: ${reason.message}`);
    if (this.tables > 0) this.world.problem('leaks', `${this.name}: ${this.tables} entries are left when its session ends`);
  }
}
