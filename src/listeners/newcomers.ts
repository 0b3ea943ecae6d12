import { DynobotError } from '../errors.js';
import type { WeakHold } from '../platform.js';
import { referenceOf } from '../proxies/reference.js';
import type { Listener } from './attachment.js';
import { keepArguments } from '../values/keeper.js';
import { overhear, type Emitter } from './overhear.js';

export interface NewcomersOptions {
  /** Whether the other side has a reference to it already, or gets something else in its stead. */
  readonly isKnown: (emitter: object) => boolean;
  /** Most events that are kept of one emitter. */
  readonly most: number;
  readonly failed: (where: string, error: unknown) => void;
}

/**
 * Emitters that an event has just brought to the other side: a server's new connection. A local listener would attach its
 * own listeners to it before anything else can happen, and miss nothing. Theirs come a round trip later. So what a newcomer
 * emits is kept until the listener over there has run, and then given to what it has attached.
 */
export class Newcomers {
  readonly #holds = new Map<object, Hold>();

  constructor(private readonly options: NewcomersOptions) {}

  /** Those among the arguments of an event that is about to be sent. */
  among(args: readonly unknown[]): Emitter[] | undefined {
    let found: Emitter[] | undefined;
    for (const arg of args) {
      if (isEmitter(arg) && (this.#holds.has(arg) || !this.options.isKnown(arg))) (found ??= []).push(arg);
    }
    return found;
  }

  /** Keeps what they emit until the event that brings them has been handled, or the session has ended. */
  hold(emitters: readonly Emitter[], handled: Promise<unknown>): void {
    const holds = emitters.map((emitter) => this.#begin(emitter));
    const end = (): void => holds.forEach((hold) => this.#end(hold));
    handled.then(end, end);
  }

  /** The hold on an object that is a newcomer: what is attached to it must hear of nothing yet. */
  on(target: object): Hold | undefined {
    return this.#holds.size === 0 ? undefined : this.#holds.get(target);
  }

  #begin(emitter: Emitter): Hold {
    let hold = this.#holds.get(emitter);
    if (hold === undefined) this.#holds.set(emitter, (hold = new Hold(emitter, this.options)));
    hold.events++;
    return hold;
  }

  #end(hold: Hold): void {
    if (--hold.events > 0) return;
    this.#holds.delete(hold.emitter);
    hold.replay();
  }
}

/** What was attached to a newcomer. */
export interface Held {
  readonly event: unknown;
  readonly isAttached: boolean;
  readonly wrapper: WeakHold<Listener>;
}

/** What one newcomer has emitted. */
class Hold {
  /** How many events that bring it are not handled yet. */
  events = 0;
  #isOpen = false;
  #dropped = 0;
  readonly #kept: { event: unknown; args: unknown[] }[] = [];
  readonly #attachments: Held[] = [];
  readonly #stop: () => void;

  constructor(
    readonly emitter: Emitter,
    private readonly options: NewcomersOptions,
  ) {
    this.#stop = overhear(emitter, (event, args) => {
      if (this.#kept.length < options.most) this.#keep(event, args);
      else this.#dropped++;
    });
  }

  /** The emitter may go on with what it has given: a buffer that it fills again, a state that it changes. */
  #keep(event: unknown, args: unknown[]): void {
    try {
      this.#kept.push({ event, args: keepArguments(args).args });
    } catch (error) {
      this.options.failed('an event of a new emitter', error);
    }
  }

  /** What is attached in a listener's stead, deaf until all that was kept is given out. */
  gate(wrapper: Listener, listener: Listener): Listener {
    const isOpen = (): boolean => this.#isOpen;
    const whenOpen = function (this: unknown, ...args: unknown[]): unknown {
      return isOpen() ? wrapper.apply(this, args) : undefined;
    };
    return Object.assign(whenOpen, { listener });
  }

  attached(attachment: Held, first: boolean): void {
    if (first) this.#attachments.unshift(attachment);
    else this.#attachments.push(attachment);
  }

  replay(): void {
    this.#stop();
    this.#isOpen = true;
    for (const { event, args } of this.#kept.splice(0)) {
      const heard = this.#tell(event, args);
      if (event === 'error' && !heard && !this.emitter.listenerCount?.('error')) this.options.failed('an error event that nobody listens for', args[0]);
    }
    if (this.#dropped === 0) return;
    const message = `${this.#dropped} events of a new emitter came before a client had handled it, and were dropped: no more than ${this.options.most} are kept (limits.newcomer)`;
    this.options.failed('a new emitter', new DynobotError('ERR_DYNOBOT_LIMIT', message));
  }

  /** A listener may detach others, or itself. */
  #tell(event: unknown, args: unknown[]): boolean {
    const hearing = this.#attachments.filter((attachment) => attachment.event === event && attachment.isAttached);
    for (const { wrapper } of hearing) wrapper.deref()?.apply(this.emitter, args);
    return hearing.length > 0;
  }
}

function isEmitter(value: unknown): value is Emitter {
  if (typeof value !== 'object' || value === null || referenceOf(value) !== undefined) return false;
  const { emit, on } = value as Partial<Record<'emit' | 'on', unknown>>;
  return typeof emit === 'function' && typeof on === 'function';
}
