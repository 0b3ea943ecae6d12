import { DynobotError, protocolError } from '../errors.js';
import type { Staging } from '../listeners/ledger.js';
import type { RolePost } from '../peer/role-end.js';
import { Chronicle } from './chronicle.js';
import { Delivery } from './delivery.js';
import { Drops } from './drops.js';
import { Member, type MemberOwner } from './member.js';
import type { HandoverNews, Who } from './news.js';
import type { CompleteRoleOptions } from './options.js';
import type { Gap, RoleReport } from './report.js';
import type { RoleEvent } from './role-event.js';
import type { RoleHost } from './role-host.js';
import { SavedStates } from './saved.js';
import { Seat } from './seat.js';
import type { Source } from './source.js';
import { Sources, type SourcesOwner } from './sources.js';

type State = Pick<HandoverNews, 'state' | 'stateError'> & { bytes: Uint8Array | undefined };

/** A job that processes take turns in: who has the turn, who is to have it, and what becomes of the events in between. */
export class Role implements MemberOwner, SourcesOwner {
  readonly #members = new Set<Member>();
  readonly #delivery: Delivery;
  readonly #sources: Sources;
  readonly #chronicle: Chronicle;
  readonly #saved: SavedStates;
  readonly #began: number;
  #vacantSince: number | undefined;
  /** Calls off what will happen to it when nobody comes. */
  callOff = (): void => {};
  /** The process that left its place without a successor, last of all. */
  #leaver: { who: Who; instance: string } | undefined;

  constructor(
    readonly name: string,
    private readonly options: CompleteRoleOptions,
    private readonly host: RoleHost,
    /** The roles that are declared, if this is none of them. */
    private readonly declared: string[] | undefined,
  ) {
    this.#began = host.platform.now();
    this.#delivery = new Delivery(options, name, host);
    this.#sources = new Sources(host.platform, this);
    this.#saved = new SavedStates(options.saved);
    this.#chronicle = new Chronicle(name, host, (event) => this.#delivery.describe(event));
  }

  /** Nothing of it is left that somebody could miss: no process, nothing to listen to, no event, no state, no count of drops. */
  get isIdle(): boolean {
    const { parking, dropped } = this.#delivery;
    return this.#members.size + this.#sources.size + this.#saved.size + parking.size + dropped.total === 0;
  }

  get #stray(): { declared?: string[] } {
    return this.declared === undefined ? {} : { declared: this.declared };
  }

  /** There is no process in it, ready or not. */
  get isDeserted(): boolean {
    return this.#members.size === 0;
  }

  /** How many milliseconds it stays when it is deserted. */
  get patience(): number {
    return this.options.forget;
  }

  // Processes come

  join(who: Who, instance: string, post: RolePost): { member: Member; staging: Staging } {
    const member = new Member(who, instance, post, this, this.options.ahead);
    this.#members.add(member);
    this.callOff();
    member.callOff = this.host.platform.after(this.options.start, () => {
      post.end(new DynobotError('ERR_DYNOBOT_TIMEOUT', `it was not ready for its turn as ${this.name} within ${this.options.start} ms`));
    });
    return { member, staging: this.#sources.staging(member) };
  }

  unready(member: Member, cause: unknown): void {
    if (member.stage !== 'staged') throw outOfTurn();
    this.#chronicle.failure(member, 'check', cause instanceof Error ? cause : new Error(String(cause)));
  }

  ready(member: Member): void {
    if (member.stage !== 'staged') throw outOfTurn();
    member.callOff();
    const seat = this.#seatOf(member);
    if (seat === undefined) this.#begin(member);
    else if (seat.isOpen) this.#succeed(seat, member);
    else {
      member.stage = 'ready';
      seat.next.push(member);
    }
  }

  #seatOf({ instance }: Member): Seat | undefined {
    return this.#delivery.seats.get(instance);
  }

  /** There is nobody in its place. */
  #begin(member: Member): void {
    const state = this.#savedFor(member);
    if (!this.#giveTurn(member, state)) return;
    const gap = this.#vacantSince === undefined ? 0 : this.host.platform.now() - this.#vacantSince;
    this.#vacantSince = undefined;
    this.#delivery.seats.set(member.instance, new Seat(member.instance, member));
    const from = this.#leaver?.instance === member.instance ? this.#leaver.who : undefined;
    if (from !== undefined) this.#leaver = undefined;
    this.#live(member, { from, gap, state: state.state });
  }

  /** The holder of the place gives way: at once, or when it has handed over its state. */
  #succeed(seat: Seat, heir: Member): void {
    if (!seat.holder.hands) return this.#takeOver(seat, heir, { ...this.#savedFor(heir), since: this.host.platform.now() });
    heir.stage = 'taking over';
    seat.heir = heir;
    seat.since = this.host.platform.now();
    seat.holder.post.step('hand', ++seat.asked);
    heir.callOff = this.host.platform.after(this.options.handover, () => {
      this.#withoutState(seat, new DynobotError('ERR_DYNOBOT_TIMEOUT', `it did not hand its state over within ${this.options.handover} ms`));
    });
  }

  stateOf(member: Member, asked: number, bytes: Uint8Array | undefined, error?: unknown): void {
    const seat = this.#seatOf(member);
    // It may come late: the heir has gone, or has begun without it. For another heir it is too old.
    if (seat?.heir === undefined || seat.holder !== member || asked !== seat.asked) return;
    if (bytes === undefined) return this.#withoutState(seat, error);
    this.#saved.delete(seat.instance);
    this.#takeOver(seat, seat.heir, { bytes, state: 'handed over', since: seat.since });
  }

  /** The holder cannot tell its state. That must not keep its successor, which may be the cure, from its work. */
  #withoutState(seat: Seat, error: unknown): void {
    this.host.failed(error, `the handover of the role ${this.name} by ${seat.holder.post.label}`);
    if (seat.heir !== undefined) this.#takeOver(seat, seat.heir, { ...this.#savedFor(seat.heir), stateError: toError(error), since: seat.since });
  }

  /** Between two events: those before went to the holder, those after go to the heir. */
  #takeOver(seat: Seat, heir: Member, { since, ...state }: State & { since: number }): void {
    heir.callOff();
    seat.heir = undefined;
    if (!this.#giveTurn(heir, state)) return this.#next(seat);
    const from = seat.holder;
    seat.holder = heir;
    this.#retire(from);
    this.#live(heir, { from: from.who, gap: this.host.platform.now() - since, ...state });
    this.#next(seat);
  }

  /** Returns false if the process cannot have it: then it is gone. */
  #giveTurn(member: Member, { bytes }: State): boolean {
    try {
      member.post.step('turn', bytes ?? null);
      member.stage = 'live';
      return true;
    } catch (error) {
      this.host.failed(error, `the turn of ${member.post.label} in the role ${this.name}`);
      member.post.end(error instanceof DynobotError ? error : undefined);
      return false;
    }
  }

  #live(member: Member, { from, gap, state, stateError }: { from: Who | undefined; gap: number } & Pick<HandoverNews, 'state' | 'stateError'>): void {
    const { instance, who } = member;
    this.#sources.settle();
    const parked = this.#delivery.unpark();
    let dropped = this.#tellGap(member);
    this.#delivery.pump();
    // One that hears an event only once has no use for those that were held after it.
    dropped += this.#tellGap(member);
    this.#sources.resume();
    member.turn = this.#chronicle.handover({ instance, from, to: who, gap, parked, state, dropped, ...this.#stray, ...(stateError && { stateError }) });
  }

  /** Returns how many events were dropped since a process was last told. */
  #tellGap({ post }: Member): number {
    const missed = this.#delivery.untold;
    if (missed.total === 0) return 0;
    this.#delivery.untold = new Drops();
    post.step('gap', { total: missed.total, events: missed.report() } satisfies Gap);
    return missed.total;
  }

  /** Another one was ready while the last one took over. */
  #next(seat: Seat): void {
    const next = seat.next.shift();
    if (next === undefined) return this.#delivery.pump();
    next.stage = 'staged';
    this.#succeed(seat, next);
  }

  #savedFor({ instance }: Member): State {
    const bytes = this.#saved.get(instance);
    return { bytes, state: bytes === undefined ? undefined : 'saved' };
  }

  save(member: Member, state: Uint8Array | undefined): void {
    const { instance, stage } = member;
    // One that has no turn has nothing to say to the next; but one that had it with a host that was restarted brings what it saved there.
    const isVacant = this.#seatOf(member) === undefined;
    const mayLeave = stage === 'live' || (member.hasLeft && isVacant) || (stage === 'staged' && isVacant && !this.#saved.has(instance));
    if (!mayLeave) return member.post.step('saved', false);
    if (state === undefined) this.#saved.delete(instance);
    else if (!this.#saved.set(instance, state)) return member.post.step('saved', this.options.saved);
    member.post.step('saved', true);
  }

  // Processes go

  #retire(member: Member): void {
    const { drain } = this.options;
    member.stage = 'retiring';
    member.retiredAt = this.host.platform.now();
    this.#delivery.retiring.add(member);
    member.post.step('retire', drain);
    member.callOff = this.host.platform.after(drain, () => {
      member.post.end(new DynobotError('ERR_DYNOBOT_TIMEOUT', `its turn as ${this.name} was over, and it had not finished what it had in hand ${drain} ms later (the role's option drain): it is cut off`));
    });
  }

  /** Its events wait for the next process, or go to the others. Its turn may have been over already when it said so. */
  leaves(member: Member): void {
    if (member.stage === 'retiring') return;
    if (member.stage !== 'live') throw outOfTurn();
    member.hasLeft = true;
    this.#retire(member);
    this.#vacate(this.#seatOf(member)!, undefined);
    this.#delivery.pump();
  }

  finished(member: Member): void {
    if (member.stage !== 'retiring') throw outOfTurn();
    member.post.end();
  }

  handled(member: Member): void {
    if (member.stage === 'live') this.#delivery.pump();
  }

  /** Its session has ended. */
  left(member: Member, reason: DynobotError | undefined): void {
    member.callOff();
    this.#members.delete(member);
    this.#delivery.retiring.delete(member);
    const inHand = member.drop();
    this.#handBack(member, inHand);
    const seat = this.#seatOf(member);
    if (member.stage === 'live') this.#vacate(seat!, reason);
    else if (member.stage === 'retiring') this.#chronicle.retired(member, inHand.length);
    else this.#gone(member, seat, reason);
    this.#delivery.pump();
  }

  #gone(member: Member, seat: Seat | undefined, reason: DynobotError | undefined): void {
    const late = reason?.code === 'ERR_DYNOBOT_TIMEOUT';
    this.#chronicle.failure(member, late ? 'start' : 'exit', reason ?? new DynobotError('ERR_DYNOBOT_DISCONNECTED', `${member.post.label} left before it was ready`));
    if (seat === undefined) return;
    const place = seat.next.indexOf(member);
    if (place >= 0) seat.next.splice(place, 1);
    if (seat.heir !== member) return;
    seat.heir = undefined;
    this.#next(seat);
  }

  #vacate(seat: Seat, reason: DynobotError | undefined): void {
    const { holder: { who: from }, instance } = seat;
    for (let heir = seat.heir ?? seat.next.shift(); heir !== undefined; heir = seat.next.shift()) {
      // The state that it was to get is gone.
      if (this.#inherit(seat, heir)) return;
    }
    this.#delivery.removeSeat(seat);
    this.#leaver = { who: from, instance };
    const { isVacant, seats: { size: others } } = this.#delivery;
    if (isVacant) {
      this.#vacantSince = this.host.platform.now();
      for (const source of this.#sources) this.added(source);
    }
    this.#chronicle.vacancy(instance, from, others, reason);
  }

  #inherit(seat: Seat, heir: Member): boolean {
    const from = seat.holder.who;
    const since = seat.heir === undefined ? this.host.platform.now() : seat.since;
    heir.callOff();
    seat.heir = undefined;
    const state = this.#savedFor(heir);
    if (!this.#giveTurn(heir, state)) return false;
    seat.holder = heir;
    this.#live(heir, { from, gap: this.host.platform.now() - since, state: state.state });
    this.#next(seat);
    return true;
  }

  /** What it had in hand is given again, or lost, as the host has declared. */
  #handBack(member: Member, inHand: readonly RoleEvent[]): void {
    const again: RoleEvent[] = [];
    const lost: RoleEvent[] = [];
    const isAgain = this.options.redelivery === 'at-least-once';
    for (const event of inHand) (isAgain && this.host.kinds.areGivenAgain(event.args) ? again : lost).push(event);
    if (again.length > 0) this.#delivery.reclaim(again);
    if (lost.length === 0) return;
    for (const event of lost) this.#delivery.drop(event, 'lost');
    this.#chronicle.loss(member.who, lost, 'lost');
  }

  uncrossable(event: RoleEvent, error: unknown): void {
    this.host.failed(error, `an event of the role ${this.name}`);
    this.#delivery.drop(event, 'uncrossable');
  }

  // What it listens to

  isStoodInFor(emitter: object): boolean {
    return this.host.kinds.of(emitter) !== undefined;
  }

  emitted(source: Source, receiver: unknown, args: unknown[], done?: () => void): void {
    this.#delivery.emitted(source, receiver, args, done);
  }

  outlives({ stage }: Member): boolean {
    return stage === 'live' || this.#delivery.isVacant;
  }

  /** While there is no process, what can wait is paused. */
  added(source: Source): void {
    if (this.#delivery.isVacant && this.#delivery.policyOf(source) === 'pause') this.#sources.pause(source);
  }

  failed(error: unknown, where: string): void {
    this.host.failed(error, where);
  }

  // The end, and what there is to see

  /** The host closes: whatever is held is told as lost. */
  close(): void {
    this.callOff();
    const held = this.#delivery.end();
    for (const event of held) this.#delivery.drop(event, 'ended');
    if (held.length > 0) this.#chronicle.loss(undefined, held, 'ended');
    this.#sources.clear();
  }

  /** How each process that has the turn has got it. */
  turns(): HandoverNews[] {
    return [...this.#delivery.seats.values()].flatMap(({ holder: { turn } }) => turn ?? []);
  }

  report(): RoleReport {
    const { parking, dropped, seats, isVacant } = this.#delivery;
    const now = this.host.platform.now();
    return {
      name: this.name,
      ...this.#stray,
      members: [...this.#members].map((member) => member.report(seats.get(member.instance)?.waiting.length ?? 0)),
      vacant: isVacant ? now - (this.#vacantSince ?? this.#began) : undefined,
      listens: [...this.#sources].flatMap((source) => this.#describeSource(source)),
      waiting: this.#delivery.waiting,
      parked: { events: parking.size, bytes: parking.bytes, age: parking.since === undefined ? 0 : now - parking.since },
      dropped: dropped.report(),
      saved: this.#saved.bytes,
      handovers: this.#chronicle.handovers,
      last: this.#chronicle.last,
    };
  }

  #describeSource(source: Source): { on: string; event: string }[] {
    const target = source.target.deref();
    return target === undefined ? [] : [{ on: this.host.nameOf(target), event: typeof source.event === 'object' ? 'an object' : String(source.event) }];
  }
}

function outOfTurn(): DynobotError {
  return protocolError('it takes a step in a role out of turn');
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
