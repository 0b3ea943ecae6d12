import { protocolError } from '../errors.js';
import type { Reference } from '../proxies/reference.js';
import { referenceOf } from '../proxies/reference.js';
import type { RoleEnd, RolePost } from '../peer/role-end.js';
import type { RoleStep } from '../wire.js';
import type { HandoverNews, Who } from './news.js';
import type { MemberReport } from './report.js';
import type { RoleEvent } from './role-event.js';
import type { Subscription } from './source.js';

/** Listeners to an event that are called on the same. */
interface Hearing {
  readonly listeners: Reference[];
  readonly receiver: unknown;
}

/** What a role hears of its processes. */
export interface MemberOwner {
  ready(member: Member): void;
  unready(member: Member, error: unknown): void;
  /** The state that it was asked for, or why there is none. */
  stateOf(member: Member, asked: number, state: Uint8Array | undefined, error?: unknown): void;
  save(member: Member, state: Uint8Array | undefined): void;
  /** It has finished events, and may be given more. */
  handled(member: Member): void;
  finished(member: Member): void;
  /** It gives its turn up. */
  leaves(member: Member): void;
  /** The event cannot cross to it. */
  uncrossable(event: RoleEvent, error: unknown): void;
}

/** One process in a role, as the host sees it: what it has in hand, and what it says. */
export class Member implements RoleEnd {
  /** `ready`: it waits for another change of the same place to end. */
  stage: 'staged' | 'ready' | 'taking over' | 'live' | 'retiring' = 'staged';
  /** It hands a state over when its turn is over. */
  hands = false;
  /** It has given its turn up itself: its state is for whoever comes next. */
  hasLeft = false;
  /** How it has got its turn. */
  turn: HandoverNews | undefined;
  /** When it was last given an event, as a count. */
  served = 0;
  /** Calls off what will happen to it when its time is up. */
  callOff = (): void => {};
  /** When its turn was over. */
  retiredAt = 0;
  #sent = 0;
  #taken = 0;
  readonly #inHand = new Map<number, RoleEvent>();

  constructor(
    readonly who: Who,
    readonly instance: string,
    readonly post: RolePost,
    private readonly owner: MemberOwner,
    /** Events that it may be sent before it has taken them. */
    private readonly ahead: number,
  ) {}

  get inHand(): number {
    return this.#inHand.size;
  }

  get hasRoom(): boolean {
    return this.#sent - this.#taken < this.ahead;
  }

  /** It is gone: what it had in hand, in order. */
  drop(): RoleEvent[] {
    const events = [...new Set(this.#inHand.values())];
    this.#inHand.clear();
    return events;
  }

  /** Gives the event to its listeners: at one go to those next to each other that are called on the same. */
  give(event: RoleEvent): void {
    const theirs: Hearing[] = [];
    const others: Subscription[] = [];
    for (const hearer of event.source.hearers(this, this.post.ledger)) {
      const { listener, context = event.receiver } = hearer;
      const reference = referenceOf(listener);
      if (reference === undefined || reference.session !== this.post.session) others.push(hearer);
      else if (theirs.at(-1)?.receiver === context) theirs.at(-1)!.listeners.push(reference);
      else theirs.push({ listeners: [reference], receiver: context });
    }
    event.parts = theirs.length;
    if (theirs.length === 0) event.done?.();
    else theirs.every((hearing) => this.#send(event, hearing));
    // Functions of this process or of a third one, which it has attached: they are nobody's work in hand.
    for (const { wrapper, context = event.receiver } of others) wrapper.apply(context, event.args);
  }

  #send(event: RoleEvent, { listeners, receiver }: Hearing): boolean {
    try {
      this.post.event(this.#sent + 1, listeners, event.args, receiver);
    } catch (error) {
      this.owner.uncrossable(event, error);
      return false;
    }
    this.#inHand.set(++this.#sent, event);
    return true;
  }

  report(waiting: number): MemberReport {
    const { instance, stage, who: { session, client, pid } } = this;
    return { instance, session, client, pid, stage: stage === 'ready' ? 'staged' : stage, inHand: this.inHand, waiting };
  }

  // What the process says. None of it is trusted.

  event(): void {
    throw protocolError('a client gives events of a role');
  }

  handled(taken: unknown, begun: unknown, settled: unknown): void {
    if (!Number.isSafeInteger(taken) || (taken as number) < this.#taken || (taken as number) > this.#sent) throw wrongEvents();
    const open = new Set(numbers(begun));
    for (const number of open) if (number <= this.#taken || number > (taken as number)) throw wrongEvents();
    while (this.#taken < (taken as number)) if (!open.has(++this.#taken)) this.#finished(this.#taken);
    for (const number of numbers(settled)) if (number > this.#taken || !this.#finished(number)) throw wrongEvents();
    this.owner.handled(this);
  }

  #finished(number: number): boolean {
    const event = this.#inHand.get(number);
    if (event === undefined) return false;
    this.#inHand.delete(number);
    if (--event.parts === 0) event.done?.();
    return true;
  }

  step(step: RoleStep, value: unknown): void {
    switch (step) {
      case 'ready':
        this.hands = value === true;
        return this.owner.ready(this);
      case 'failed': return this.owner.unready(this, value);
      case 'hands': return void (this.hands = value === true);
      case 'state': return this.#answer(value, (asked, state) => this.owner.stateOf(this, asked, bytes(state)));
      case 'stateless': return this.#answer(value, (asked, error) => this.owner.stateOf(this, asked, undefined, error));
      case 'save': return this.owner.save(this, value === null ? undefined : bytes(value));
      case 'leave': return this.owner.leaves(this);
      case 'retired': return this.owner.finished(this);
      default: throw protocolError(`a client takes the step ${JSON.stringify(step)} in a role`);
    }
  }

  #answer(value: unknown, then: (asked: number, what: unknown) => void): void {
    if (!Array.isArray(value)) throw protocolError('an answer in a role lacks its parts');
    then(Number(value[0]), value[1]);
  }
}

function wrongEvents(): Error {
  return protocolError('it has handled events that it was not given');
}

function numbers(list: unknown): number[] {
  if (!Array.isArray(list) || !list.every((number) => Number.isSafeInteger(number))) throw wrongEvents();
  return list as number[];
}

function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw protocolError('a state is no bytes');
}
