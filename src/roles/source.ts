import type { Attachment, Listener } from '../listeners/attachment.js';
import type { Ledger, ToAttach } from '../listeners/ledger.js';
import type { Platform, WeakHold } from '../platform.js';
import { referenceOf } from '../proxies/reference.js';
import type { Member } from './member.js';

/** A listener that a process of a role has declared. */
export interface Subscription {
  readonly wrapper: Listener;
  readonly listener: Listener;
  readonly attachment: Attachment;
  readonly once: boolean;
  /** What the listener is called on, if that is not what has emitted. */
  readonly context: unknown;
}

/**
 * One event of one object, which a role listens to. One listener of the role's is attached to the object, in the stead of
 * all that its processes have declared: it outlives them, so that events can be held when there is no process.
 *
 * As the ledger, it keeps neither the object alive nor, once that is garbage, anything of itself.
 */
export class Source {
  readonly event: unknown;
  readonly target: WeakHold<object>;
  /** The role has lost the process that listened to it: it stays until there is another one. */
  isKept = false;
  /** The role has paused the object. */
  isPaused = false;
  readonly #wrapper: WeakHold<Listener>;
  readonly #detach: ToAttach['detach'];
  readonly #subscriptions = new Map<Member, Subscription[]>();

  constructor(
    platform: Platform,
    { target, event, shared, attach, detach }: ToAttach,
    /** What makes two of them the same; undefined: nothing does. */
    readonly key: string | undefined,
    { wrapper, attachment }: { wrapper: Listener; attachment: Attachment },
  ) {
    this.event = event;
    this.#detach = detach;
    this.#wrapper = platform.weak.hold(wrapper);
    // A stand-in for an object in a third process that goes does not take along what is attached there.
    this.target = referenceOf(target) === undefined ? platform.weak.hold(target) : { deref: () => target };
    if (shared === undefined) attach(wrapper, attachment);
    else shared.attach(wrapper);
  }

  add(member: Member, subscription: Subscription, first: boolean): void {
    const known = this.#subscriptions.get(member);
    if (known === undefined) this.#subscriptions.set(member, [subscription]);
    else if (first) known.unshift(subscription);
    else known.push(subscription);
  }

  remove(member: Member, wrapper: Listener): void {
    const known = this.#subscriptions.get(member);
    if (known === undefined) return;
    const left = known.filter((subscription) => subscription.wrapper !== wrapper);
    if (left.length === 0) this.#subscriptions.delete(member);
    else this.#subscriptions.set(member, left);
  }

  isHeardBy(member: Member): boolean {
    return this.#subscriptions.has(member);
  }

  get isHeard(): boolean {
    return this.#subscriptions.size > 0;
  }

  /** Who hears an event in one process. What is to hear one only is detached before it does. */
  hearers(member: Member, ledger: Ledger): readonly Subscription[] {
    const hearers = this.#subscriptions.get(member) ?? NOBODY;
    for (const { once, attachment } of hearers) if (once) ledger.detach(attachment);
    return hearers;
  }

  /** May be still at it when it returns a promise. */
  detach(): unknown {
    const [target, wrapper] = [this.target.deref(), this.#wrapper.deref()];
    return target === undefined || wrapper === undefined ? undefined : this.#detach(target, wrapper);
  }
}

const NOBODY: readonly Subscription[] = [];
