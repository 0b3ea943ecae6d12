import { allow, disallow } from '../listeners/allowance.js';
import type { Attachment, Listener } from '../listeners/attachment.js';
import type { Staging, ToAttach } from '../listeners/ledger.js';
import { Newcomers, type Held } from '../listeners/newcomers.js';
import { LIMITS } from '../limits.js';
import type { Pace, Platform } from '../platform.js';
import type { Member } from './member.js';
import { Source } from './source.js';

export interface SourcesOwner {
  /** `done`: it has been handled, or never will be. */
  emitted(source: Source, receiver: unknown, args: unknown[], done?: () => void): void;
  /** Whether processes get something else in its stead. */
  isStoodInFor(emitter: object): boolean;
  /** Whether what a process has listened to stays of interest when it dies. */
  outlives(member: Member): boolean;
  /** There is something new to listen to. */
  added(source: Source): void;
  failed(error: unknown, where: string): void;
}

interface Pausable {
  pause(): unknown;
  resume(): unknown;
  isPaused?: unknown;
}

/** All that a role listens to, for whichever process has the turn. */
export class Sources {
  readonly #all = new Set<Source>();
  /** Of those that are gone, the ones whose objects may still be paused. */
  readonly #givenUp: Source[] = [];
  #isSettling = false;
  readonly #byTarget = new WeakMap<object, Source[]>();
  readonly #collected;
  /** What some process of the role was given by an event. */
  readonly #brought = new WeakSet();
  readonly #newcomers: Newcomers;

  constructor(
    private readonly platform: Platform,
    private readonly owner: SourcesOwner,
  ) {
    this.#collected = platform.weak.watch<Source>((source) => this.#forget(source));
    const isKnown = (emitter: object): boolean => this.#brought.has(emitter) || owner.isStoodInFor(emitter);
    this.#newcomers = new Newcomers({ isKnown, most: LIMITS.newcomer, failed: (where, error) => owner.failed(error, where) });
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<Source> {
    return this.#all.values();
  }

  /** An object has emitted. What the event brings is heard when the process that gets it has attached its listeners. */
  emitted(source: Source, receiver: unknown, args: unknown[]): void {
    const brought = this.#newcomers.among(args);
    if (brought === undefined) return this.owner.emitted(source, receiver, args);
    for (const emitter of brought) this.#brought.add(emitter);
    this.#newcomers.hold(brought, new Promise((done) => this.owner.emitted(source, receiver, args, () => done(undefined))));
  }

  /** How a process's listeners are attached: to the role, which attaches one listener to the object. */
  staging(member: Member): Staging {
    return (what) => {
      const place: Place = { source: undefined };
      const { together: _, ...alone } = what;
      return { ...alone, attach: (wrapper, attachment) => this.#attach(member, what, { wrapper, attachment, place }), detach: leaving(this, member, place) };
    };
  }

  #attach(member: Member, what: ToAttach, { wrapper, attachment, place }: { wrapper: Listener; attachment: Attachment; place: Place }): unknown {
    const { target, event, listener, once = false, first = false, context, shared } = what;
    const key = shared?.key;
    const known = key === undefined ? undefined : this.#byTarget.get(target)?.find((source) => source.event === event && source.key === key);
    const source = known ?? this.#make(what, key, attachment);
    place.source = source;
    source.add(member, { wrapper, listener, attachment, once, context }, first);
    if (known === undefined) this.owner.added(source);
    return target;
  }

  #make(what: ToAttach, key: string | undefined, attachment: Attachment): Source {
    const { wrapper: emitted, belongsTo } = sourceListener(this, this.platform.paceOf?.(what.target));
    const hold = this.#newcomers.on(what.target);
    const wrapper = hold?.gate(emitted, what.listener) ?? emitted;
    const source = new Source(this.platform, what, key, { wrapper, attachment });
    belongsTo(source);
    hold?.attached(this.#whileThere(source, emitted), what.first ?? false);
    allow(what.target, what.event, this.platform);
    this.#all.add(source);
    this.#collected.add(wrapper, source);
    const known = this.#byTarget.get(what.target);
    if (known === undefined) this.#byTarget.set(what.target, [source]);
    else known.push(source);
    return source;
  }

  #whileThere(source: Source, wrapper: Listener): Held {
    const isThere = (): boolean => this.#all.has(source);
    return { event: source.event, wrapper: { deref: () => wrapper }, get isAttached() { return isThere(); } };
  }

  /** A process has one listener less. */
  left(source: Source, member: Member, wrapper: Listener): void {
    source.remove(member, wrapper);
    if (source.isHeardBy(member)) return;
    if (member.post.ended && this.owner.outlives(member)) source.isKept = true;
    this.#prune(source);
  }

  /**
   * There is a process again: what nobody has declared any more is given up. Until `resume`, what is paused stays so, also
   * what is given up: it might emit at once, and what is held comes first.
   */
  settle(): void {
    this.#isSettling = true;
    for (const source of [...this.#all]) {
      source.isKept = false;
      this.#prune(source);
    }
  }

  pause(source: Source): void {
    const target = source.target.deref();
    if (source.isPaused || target === undefined || !isPausable(target) || isPaused(target)) return;
    source.isPaused = true;
    this.#try(() => target.pause(), 'pausing what a role listens to');
  }

  resume(): void {
    this.#isSettling = false;
    for (const source of [...this.#givenUp.splice(0), ...this.#all]) this.#resume(source);
  }

  /** The role has ended. */
  clear(): void {
    for (const source of [...this.#all]) this.#drop(source);
    this.#collected.end();
  }

  #prune(source: Source): void {
    if (!source.isHeard && !source.isKept) this.#drop(source);
  }

  #drop(source: Source): void {
    if (!this.#forget(source)) return;
    if (this.#isSettling) this.#givenUp.push(source);
    else this.#resume(source);
    this.#try(() => source.detach(), 'detaching a role');
  }

  #forget(source: Source): boolean {
    if (!this.#all.delete(source)) return false;
    const target = source.target.deref();
    if (target === undefined) return true;
    disallow(target, source.event, this.platform);
    const known = this.#byTarget.get(target);
    if (known !== undefined) known.splice(known.indexOf(source), 1);
    return true;
  }

  #resume(source: Source): void {
    const target = source.target.deref();
    if (!source.isPaused || target === undefined) return;
    source.isPaused = false;
    this.#try(() => (target as Pausable).resume(), 'resuming what a role listens to');
  }

  #try(action: () => unknown, where: string): void {
    const failed = (error: unknown): void => this.owner.failed(error, where);
    try {
      const ending = action();
      if (ending instanceof Promise) ending.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}

function isPausable(target: object): target is Pausable {
  return typeof Reflect.get(target, 'pause') === 'function' && typeof Reflect.get(target, 'resume') === 'function';
}

/** Streams say it by a method, others by a property. One that its owner has paused is not ours to resume. */
function isPaused(target: Pausable): boolean {
  return (typeof target.isPaused === 'function' ? target.isPaused() : target.isPaused) === true;
}

interface Place {
  source: Source | undefined;
}

// Made apart from what attaches: closures of one scope share what they hold, and these outlive the target.

function leaving(sources: Sources, member: Member, place: Place): ToAttach['detach'] {
  return (_target, wrapper) => {
    if (place.source !== undefined) sources.left(place.source, member, wrapper);
  };
}

function sourceListener(sources: Sources, pace: Pace | undefined): { wrapper: Listener; belongsTo(source: Source): void } {
  let of: Source | undefined;
  return {
    wrapper(...args) {
      const source = of;
      if (source === undefined) return;
      if (pace === undefined) return sources.emitted(source, this, args);
      pace(() => {
        sources.emitted(source, this, args);
        return true;
      }, args);
    },
    belongsTo: (source) => (of = source),
  };
}
