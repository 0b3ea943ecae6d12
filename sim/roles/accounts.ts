import type { LossNews } from '../../src/roles/news.js';
import type { HostEnd } from './host-end.js';
import { KeyPlaces } from './key-places.js';
import type { Listener, Worker } from './worker.js';
import type { RoleWorld } from './world.js';

/** One event, from its emission on. */
export interface Account {
  readonly number: number;
  readonly on: string;
  readonly event: string;
  readonly key: number;
  /** `must`: some process has it coming; `may`: a process that is about to have its turn has. */
  readonly due: 'must' | 'may' | 'not';
  readonly given: { readonly end: HostEnd; readonly turn: number }[];
  readonly heard: Hearing[];
  dropped: number;
  lost: boolean;
}

/** A process has heard an event. */
interface Hearing {
  readonly worker: Worker;
  /** In the order of hearing. */
  readonly listeners: Listener[];
  /** It has died of it. */
  wasFatal: boolean;
  /** How many of its listeners are still at it. */
  works: number;
}

/** What becomes of every event, by the rules and not by the code. */
export class Accounts {
  readonly all = new Map<number, Account>();
  /** Drops that no process was told of. */
  untold = 0;
  dropped = 0;

  readonly #keys = new KeyPlaces();

  constructor(private readonly world: RoleWorld) {}

  emitted(details: Pick<Account, 'number' | 'on' | 'event' | 'key' | 'due'>): void {
    this.all.set(details.number, { ...details, given: [], heard: [], dropped: 0, lost: false });
  }

  given(number: number, end: HostEnd): void {
    const account = this.all.get(number)!;
    if (account.due === 'not') this.#wrong('listeners', account, `is given to ${end.name}, which does not listen`);
    if (account.dropped > 0) this.#wrong('misordered', account, 'is given although it was dropped');
    if (!this.world.isAtLeastOnce && account.given.length > 0) this.#wrong('misordered', account, 'is given twice');
    this.#checkKey(account, end);
    account.given.push({ end, turn: end.turn });
  }

  heard(worker: Worker, listener: Listener, number: number, intact: boolean): void {
    const account = this.all.get(number);
    if (account === undefined) return this.world.problem('errors', `${worker.name} hears of event ${number}, which nobody has emitted`);
    if (!intact) this.#wrong('errors', account, 'arrives changed');
    if (`${account.on} ${account.event}` !== listener.what) this.#wrong('misordered', account, `is heard by a listener of ${listener.what}`);
    const hearing = account.heard.find((one) => one.worker === worker);
    if (hearing?.listeners.includes(listener) === true) return this.#wrong('misordered', account, `is heard twice by ${worker.name}`);
    if (hearing !== undefined) return void hearing.listeners.push(listener);
    account.heard.push({ worker, listeners: [listener], wasFatal: false, works: 0 });
    if (worker.last > number && !this.world.mayBeDisordered) this.#wrong('misordered', account, `comes to ${worker.name} after ${worker.last}`);
    worker.last = Math.max(worker.last, number);
  }

  /** How many listeners of a process have heard an event. */
  hearers(worker: Worker, number: number): number {
    return this.all.get(number)?.heard.find((one) => one.worker === worker)?.listeners.length ?? 0;
  }

  /** A listener of a process goes on with an event, or has finished it. */
  works(worker: Worker, number: number, change: 1 | -1): void {
    for (const hearing of this.all.get(number)!.heard) if (hearing.worker === worker) hearing.works += change;
  }

  wasFatal(worker: Worker, number: number): void {
    for (const hearing of this.all.get(number)!.heard) if (hearing.worker === worker) hearing.wasFatal = true;
  }

  drop(number: number): void {
    const account = this.all.get(number)!;
    account.dropped++;
    this.untold++;
    this.dropped++;
    if (account.given.length === 0) this.#keys.waited(account);
    if (account.dropped > 1) this.#wrong('misordered', account, 'is dropped twice');
  }

  lost({ events, who }: LossNews): void {
    for (const { args, reason } of events) {
      const account = this.all.get(args![0] as number)!;
      account.lost = true;
      if (reason !== 'lost') continue;
      const end = account.given.at(-1)?.end;
      if (end === undefined || end.session !== who?.session) this.#wrong('errors', account, 'is told as lost by one who was not given it');
    }
  }

  /** When the run has come to rest, with a process for each event. */
  check(): void {
    for (const account of this.all.values()) this.#check(account);
    this.#checkOrder();
  }

  #check(account: Account): void {
    const { due, given, heard, dropped, lost } = account;
    if (due === 'not') return;
    const worked = heard.filter(({ wasFatal, works }) => !wasFatal && works === 0);
    if (heard.length > given.length) this.#wrong('misordered', account, `is heard ${heard.length} times and was given ${given.length} times`);
    // What a process has begun and not finished is given again, or told as lost; so is what has ended it.
    if (due === 'must' && worked.length === 0 && dropped === 0) this.#wrong('misordered', account, 'is lost in silence');
    if (given.length > 0 && dropped > 0 && !lost && !this.world.isAtLeastOnce) this.#wrong('misordered', account, 'was given and is not told as lost');
    if (lost && given.length > 0 && !given.at(-1)!.end.over) this.#wrong('errors', account, 'is told as lost although its process lives');
  }

  /** With one place, what the earlier turn has heard precedes what the later one has. */
  #checkOrder(): void {
    if (this.world.mayBeDisordered) return;
    let turn = 0;
    for (const account of this.all.values()) {
      if (account.given.length === 0) continue;
      const given = account.given[0]!;
      if (given.turn < turn) this.#wrong('misordered', account, `is given to turn ${given.turn}, those before it to ${turn}`);
      turn = given.turn;
    }
  }

  /** A key stays where it is while there is somebody. */
  #checkKey(account: Account, { instance, name }: HostEnd): void {
    const { sticky, steady } = this.world.plan.roles!;
    if (!sticky || !steady) return;
    const before = this.#keys.given(account, instance, this.world.host);
    if (before !== undefined) this.#wrong('misordered', account, `its key moves from place ${before} to ${name}`);
  }

  #wrong(count: 'misordered' | 'errors' | 'listeners', { number, on, event }: Account, what: string): void {
    this.world.problem(count, `event ${number} (${on} ${event}) ${what}`);
  }
}
