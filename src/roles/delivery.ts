import { limitError } from '../errors.js';
import { keepArguments } from '../values/keeper.js';
import { Drops } from './drops.js';
import type { Member } from './member.js';
import type { CompleteRoleOptions, ParkingPolicy, ShareKey } from './options.js';
import { Parking } from './parking.js';
import { Queue } from './queue.js';
import type { DropReason } from './report.js';
import type { RoleEvent } from './role-event.js';
import type { RoleHost } from './role-host.js';
import type { Seat } from './seat.js';
import { isKey, Keys, leastBusy } from './sharing.js';
import type { Source } from './source.js';

/** Which process each event goes to. What cannot be given to one at once waits for it; what has none is parked. */
export class Delivery {
  readonly seats = new Map<string, Seat>();
  /** Processes whose turn is over. */
  readonly retiring = new Set<Member>();
  /** Since the role began, and since a process was last told. */
  readonly dropped = new Drops();
  untold = new Drops();
  readonly parking: Parking;
  /** Events for those who have the turn, who have not taken the ones before. */
  readonly #waiting = new Queue();
  readonly #keys = new Keys();
  #emitted = 0;
  #served = 0;
  #expiring: (() => void) | undefined;

  constructor(
    private readonly options: CompleteRoleOptions,
    private readonly name: string,
    private readonly host: RoleHost,
  ) {
    this.parking = new Parking(options, (event, reason) => this.drop(event, reason));
  }

  get isVacant(): boolean {
    return this.seats.size === 0;
  }

  get waiting(): number {
    let { length } = this.#waiting;
    for (const seat of this.seats.values()) length += seat.waiting.length;
    return length;
  }

  /** An object has emitted an event. */
  emitted(source: Source, receiver: unknown, args: unknown[], done?: () => void): void {
    const event: RoleEvent = { number: ++this.#emitted, source, receiver, args, bytes: 0, kept: false, since: 0, key: this.#keyOf(args), parts: 0, done };
    if (this.options.redelivery === 'at-least-once' && !this.#keep(event)) return;
    const seats = this.#listening(source);
    if (seats.length === 0) this.#homeless(event);
    else if (!this.#place(event, seats) && this.#keep(event)) this.#queue(event, this.#waiting, seats);
  }

  /** Gives what waits, as far as there is room. */
  pump(): void {
    for (const seat of this.seats.values()) this.#pumpSeat(seat);
    for (let event = this.#waiting.first(); event !== undefined; event = this.#waiting.first()) {
      const seats = this.#listening(event.source);
      if (seats.length === 0) this.#unheard(this.#waiting.shift()!);
      else if (this.#place(event, seats)) this.#waiting.shift();
      else return;
    }
  }

  /** Events that were in hand, or waited, have no place any more: they go to others, or are parked. */
  reclaim(events: readonly RoleEvent[]): void {
    const kept = events.filter((event) => this.#keep(event));
    if (!this.isVacant) this.#waiting.merge(kept);
    else this.park([...kept, ...this.parking.takeAll()].sort((a, b) => a.number - b.number));
  }

  removeSeat(seat: Seat): void {
    this.seats.delete(seat.instance);
    this.#keys.forget(seat);
    this.reclaim(seat.waiting.takeAll());
    if (this.isVacant) this.reclaim(this.#waiting.takeAll());
  }

  /** There is a process again. Returns how many events wait for it. */
  unpark(): number {
    this.#expiring?.();
    this.#expiring = undefined;
    this.expire();
    const parked = this.parking.takeAll();
    // What nobody has declared any more is gone, too; it is told before anything else.
    const heard = parked.filter((event) => this.#listening(event.source).length > 0);
    for (const event of parked) if (this.#listening(event.source).length === 0) this.drop(event, 'unheard');
    this.#waiting.merge(heard);
    return this.waiting;
  }

  park(events: readonly RoleEvent[]): void {
    for (const event of events) {
      if (event.since === 0) event.since = this.host.platform.now();
      this.parking.put(event, this.policyOf(event.source));
    }
    this.expire();
  }

  /** Drops what was parked for too long, and comes again when there is more. */
  expire(): void {
    const left = this.parking.expire(this.host.platform.now());
    if (left === undefined || this.#expiring !== undefined) return;
    this.#expiring = this.host.platform.after(left, () => {
      this.#expiring = undefined;
      this.expire();
    });
  }

  policyOf({ event }: Source): ParkingPolicy {
    const { policy } = this.options;
    if (typeof policy === 'string') return policy;
    return typeof event === 'string' && Object.hasOwn(policy, event) ? policy[event]! : 'park';
  }

  /** Nobody will handle the event. Whoever it came from may have something to do about it. */
  drop(event: RoleEvent, reason: DropReason): void {
    const { on, event: name } = this.describe(event);
    this.dropped.add(on, name, reason);
    this.untold.add(on, name, reason);
    this.#tellKinds(event.args, reason === 'uncrossable');
    event.done?.();
  }

  describe({ source, receiver }: RoleEvent): { on: string; event: string } {
    const target = source.target.deref() ?? receiver;
    return { on: typeof target === 'object' && target !== null ? this.host.nameOf(target) : 'an object', event: nameOfEvent(source.event) };
  }

  /** Ends what is due later. Returns what was held. */
  end(): RoleEvent[] {
    this.#expiring?.();
    const waiting = [...this.seats.values()].flatMap((seat) => seat.waiting.takeAll());
    return [...waiting, ...this.#waiting.takeAll(), ...this.parking.takeAll()];
  }

  #tellKinds(args: readonly unknown[], isUncrossable: boolean): void {
    try {
      this.host.kinds.dropped(args, undefined, isUncrossable);
    } catch (error) {
      this.host.failed(error, `an event that the role ${this.name} has dropped`);
    }
  }

  #keyOf(args: unknown[]): ShareKey {
    const { share } = this.options;
    if (share === undefined) return undefined;
    try {
      const key = share.by(...(args as never[]));
      mustBeNow(key);
      return isKey(key) ? key : undefined;
    } catch (error) {
      this.host.failed(error, `share.by of the role ${this.name}`);
      return undefined;
    }
  }

  #keep(event: RoleEvent): boolean {
    try {
      if (!event.kept) Object.assign(event, keepArguments(event.args), { kept: true });
      return true;
    } catch (error) {
      this.host.failed(error, `an event of the role ${this.name}`);
      this.drop(event, 'uncrossable');
      return false;
    }
  }

  #listening(source: Source): Seat[] {
    const seats: Seat[] = [];
    for (const seat of this.seats.values()) if (seat.hears(source)) seats.push(seat);
    return seats;
  }

  /** Gives the event to one of them, or lets it wait for the one that its key belongs to. */
  #place(event: RoleEvent, seats: readonly Seat[]): boolean {
    if (event.key !== undefined) {
      const seat = this.#keys.seatOf(event.key, seats);
      if (seat.mayBeGiven) this.#give(event, seat);
      else if (this.#keep(event)) this.#queue(event, seat.waiting, [seat]);
      return true;
    }
    const seat = leastBusy(seats.filter(({ mayBeGiven }) => mayBeGiven));
    if (seat !== undefined) this.#give(event, seat);
    return seat !== undefined;
  }

  #give(event: RoleEvent, { holder }: Seat): void {
    holder.served = ++this.#served;
    holder.give(event);
  }

  /** Who does not take what it is given for so long is cut off: what waits goes to another, or is parked. */
  #queue(event: RoleEvent, queue: Queue, seats: readonly Seat[]): void {
    queue.push(event);
    if (queue.bytes <= this.host.mostWaiting) return;
    const stuck = seats.find((seat) => seat.isOpen && !seat.holder.hasRoom);
    stuck?.holder.post.end(limitError('QUEUE', `events of ${queue.bytes} bytes wait for its turn as ${this.name}, which it does not take (limits.queue is ${this.host.mostWaiting})`));
  }

  #pumpSeat(seat: Seat): void {
    for (let event = seat.waiting.first(); event !== undefined && seat.isOpen; event = seat.waiting.first()) {
      const isHeard = event.source.isHeardBy(seat.holder);
      if (isHeard && !seat.holder.hasRoom) return;
      seat.waiting.shift();
      if (isHeard) this.#give(event, seat);
      else this.#unheardBy(seat, event);
    }
  }

  /** Nobody who has the turn listens to it. */
  #homeless(event: RoleEvent): void {
    if (event.source.isKept || this.isVacant) {
      if (this.#keep(event)) this.park([event]);
    } else this.#giveToRetiring(event);
  }

  /** An object that has no name is known only to who got it: it goes on to hear of what it has in hand. */
  #giveToRetiring(event: RoleEvent): boolean {
    const target = event.source.target.deref();
    if (target === undefined || this.host.isService(target)) return false;
    for (const member of this.retiring) {
      if (!event.source.isHeardBy(member)) continue;
      member.give(event);
      return true;
    }
    return false;
  }

  /** It has waited in a place that does not listen to it any more. */
  #unheardBy(seat: Seat, event: RoleEvent): void {
    const others = this.#listening(event.source).filter((other) => other !== seat);
    if (others.length === 0) this.#unheard(event);
    else this.#place(event, others);
  }

  #unheard(event: RoleEvent): void {
    if (event.source.isKept) this.park([event]);
    else if (!this.#giveToRetiring(event)) this.drop(event, 'unheard');
  }
}

/** An event may be called by anything, also by what has no text. */
function nameOfEvent(event: unknown): string {
  return typeof event === 'object' && event !== null ? 'an object' : String(event);
}

/** An event goes to somebody at once. */
function mustBeNow(key: unknown): void {
  if (!(key instanceof Promise)) return;
  key.catch(() => {});
  throw new TypeError('it must not be async');
}
