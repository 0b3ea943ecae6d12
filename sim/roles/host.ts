import { EventEmitter } from 'node:events';
import type { PeerOptions } from '../../src/peer/options.js';
import type { Platform } from '../../src/platform.js';
import type { RoleNews } from '../../src/roles/news.js';
import { Roles } from '../../src/roles/roles.js';
import type { Dice } from '../dice.js';
import { RoleHeap } from './heap.js';
import type { HostEnd } from './host-end.js';
import { kinds, peerOptionsOf, platformOf } from './link.js';
import { Ticket } from './ticket.js';
import type { Worker } from './worker.js';
import type { RoleWorld } from './world.js';

export const EVENTS = ['x', 'y'];

/** Emits numbered events. */
class Source extends EventEmitter {
  isPaused = false;

  constructor(readonly name: string) {
    super();
  }
}

/** One that can wait. */
class PausableSource extends Source {
  #held: (() => void)[] = [];

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    for (const emit of this.#held.splice(0)) emit();
  }

  whenOpen(emit: () => void): void {
    if (this.isPaused) this.#held.push(emit);
    else emit();
  }
}

/** The process that stays: its objects, its roles, and what should become of each event. */
export class RoleSimHost {
  readonly heap: RoleHeap;
  readonly emitters: Source[];
  readonly roles: Roles;
  readonly ends: HostEnd[] = [];
  readonly news: (keyof RoleNews)[] = [];
  /** By places and what they did not listen to: which event was the latest then. */
  readonly #deaf = new Map<string, number>();
  /** What the last processes have listened to, while nobody has taken their place. */
  readonly kept = new Set<string>();
  /** How often each place was left without a successor: its keys are free then. */
  readonly freed = new Map<string, number>();
  /** The place that a process is just leaving. */
  leaving: string | undefined;
  turns = 0;
  #numbers = 0;
  /** The same object goes with every event. */
  readonly #shared = { n: 0, list: [0] };

  constructor(private readonly world: RoleWorld) {
    const { roles } = world.plan;
    this.heap = new RoleHeap(world, () => true);
    this.emitters = Array.from({ length: roles!.emitters }, (_, i) => (roles!.pausable ? new PausableSource(`e${i}`) : new Source(`e${i}`)));
    const share = roles!.sticky ? { share: { by: (number: number) => keyOf(number) } } : {};
    this.roles = new Roles({
      platform: this.platform(),
      kinds,
      mostWaiting: Infinity,
      nameOf: (object) => this.nameOf(object),
      isService: () => true,
      tell: (kind, news) => this.#told(kind, news as never),
      failed: (error, where) => {
        if (!/handover/.test(where)) world.problem('errors', `${where}: ${String(error)}`);
      },
    }, { job: { ...roles!.options, ...share } }, 10);
  }

  platform(worker?: Worker): Platform {
    return platformOf(this.world, this.heap, worker?.link, () => true, (error) => this.world.problem('errors', `uncaught at the host: ${String(error)}`));
  }

  peerOptions(worker: Worker): PeerOptions {
    return peerOptionsOf(this.platform(worker), worker.name, true);
  }

  nameOf(object: object): string {
    return (object as Source).name;
  }

  /** The places whose processes have listened all the time since an event was emitted. */
  hearersOf(what: string, since: number): string[] {
    const hear = this.ends.filter(({ isLive, entries }) => isLive && entries.has(what));
    return hear.map(({ instance }) => instance).filter((instance) => (this.#deaf.get(`${instance} ${what}`) ?? 0) < since);
  }

  /** Whether another place has stopped listening since an event was emitted, or had not begun. */
  wasDeaf(what: string, since: number, except: string): boolean {
    return [...this.#deaf].some(([place, at]) => at >= since && place.endsWith(` ${what}`) && place !== `${except} ${what}`);
  }

  timesFreed(instance: string): number {
    return this.freed.get(instance) ?? 0;
  }

  get isVacant(): boolean {
    return !this.ends.some(({ isLive }) => isLive);
  }

  emit(dice: Dice): void {
    const emitter = dice.pick(this.emitters)!;
    const event = dice.pick(EVENTS)!;
    const emit = (): void => this.#emit(emitter, event, dice);
    if (emitter instanceof PausableSource) emitter.whenOpen(emit);
    else emit();
  }

  #emit(emitter: Source, event: string, dice: Dice): void {
    const number = ++this.#numbers;
    this.#look();
    const due = this.#isDue(`${emitter.name} ${event}`);
    this.world.trace?.(`${emitter.name} emits ${event} ${number}: ${due === 'must' ? 'somebody must hear it' : due === 'may' ? 'somebody may hear it' : 'nobody listens'}`);
    this.world.accounts.emitted({ number, on: emitter.name, event, key: keyOf(number), due });
    this.#shared.n = this.#shared.list[0] = number;
    const reply = { [`r${number}`]: (): number => number }[`r${number}`];
    const data = dice.chance(0.3) ? { ...this.#shared, list: this.#shared.list, reply } : this.#shared;
    emitter.emit(event, number, new Ticket(number, (dropped) => this.world.accounts.drop(dropped)), data);
    this.#look();
  }

  #isDue(what: string): 'must' | 'may' | 'not' {
    const there = this.ends.filter(({ over }) => !over);
    if (there.some(({ stage, entries }) => stage === 'live' && entries.has(what)) || this.kept.has(what)) return 'must';
    // Without a process that has the turn, it is held for whoever comes next.
    if (this.isVacant) return there.some(({ entries }) => entries.has(what)) ? 'must' : 'not';
    return there.some(({ stage, entries }) => stage === 'staged' && entries.has(what)) ? 'may' : 'not';
  }

  look(): void {
    this.#look();
  }

  #look(): void {
    for (const end of this.ends) {
      end.look();
      for (const what of end.isLive ? this.#whats() : []) if (!end.entries.has(what)) this.#deaf.set(`${end.instance} ${what}`, this.#numbers);
    }
  }

  #whats(): string[] {
    return this.emitters.flatMap(({ name }) => EVENTS.map((event) => `${name} ${event}`));
  }

  #told<Kind extends keyof RoleNews>(kind: Kind, news: RoleNews[Kind]): void {
    const { world } = this;
    world.trace?.(`host tells: ${kind} ${JSON.stringify(news, (key, value: unknown) => (key === 'args' || key === 'error' || key === 'reason' ? String(value) : value))}`);
    this.news.push(kind);
    if (kind === 'handover') world.states.handedOver(news as RoleNews['handover']);
    if (kind === 'lost') world.accounts.lost(news as RoleNews['lost']);
    if (kind === 'handover' && world.accounts.untold !== 0) world.problem('errors', `a process begins without having been told of ${world.accounts.untold} dropped events`);
  }
}

export function keyOf(number: number): number {
  return (number * 7) % 5;
}
