import type { Bases } from './proxies/shape.js';
import type { AnyKind } from './values/kind.js';

/** A value held weakly. */
export interface WeakHold<T> {
  /** `note`: what it was added to a watch with. */
  deref(note?: object): T | undefined;
}

/** Garbage collection, as a session sees it: real in a process, played in the simulation. */
export interface Weak {
  hold<T extends object | symbol>(value: T): WeakHold<T>;
  /** `collected` is told `note` some time after a watched value has been collected. */
  watch<Note extends object>(collected: (note: Note) => void): Watch<Note>;
}

export interface Watch<Note extends object> {
  /** Holds the value weakly from now on, and watches it. */
  add<T extends object | symbol>(value: T, note: Note): WeakHold<T>;
  /**
   * The same for functions of our own making. Many new ones may be held together, which costs less; one of them that is needed
   * keeps the others, until there was a collection. Then each that is left is held by itself: `apart` is told how.
   */
  join?<T extends object>(fn: T, note: Note, apart: (note: Note, hold: WeakHold<T>) => void): WeakHold<T>;
  /** Nothing is of interest any more: whatever is watched is forgotten at once. */
  end(): void;
}

/** The limit above which an emitter warns of too many listeners, for emitters that have one. */
export interface MaxListeners {
  get(target: object): number | undefined;
  set(target: object, most: number): void;
}

/** Collects the garbage of this process, for all its sessions, when it is idle and not too often. */
export interface Collector {
  /** A reference to something in another process was made here. */
  grown(): void;
  /** Something was let go here that may have been the last to need a proxy: an export was released, a listener detached. */
  loosened(): void;
  /** So many references were given back. */
  shrunk(count: number): void;
  /** The other side pays for many references of ours. */
  asked(): void;
}

/** When events are sent to listeners of other processes. `send` returns false if it could not be sent, or if the listener's session has ended. */
export type Pace = (send: () => boolean, args: readonly unknown[]) => void;

/** All that a session needs and that is not the language's: handed in, so that the rest runs anywhere. */
export interface Platform {
  readonly weak: Weak;
  readonly bases: Bases;
  readonly kinds: readonly AnyKind[];
  readonly maxListeners: MaxListeners;
  /** How events of `target` are sent, if not at once. */
  readonly paceOf?: (target: object) => Pace | undefined;
  /**
   * What a process that was given `value` by an event of a role has to do yet, beyond what its listeners return: it has the
   * event in hand for so long.
   */
  readonly workWith?: (value: unknown) => PromiseLike<unknown> | undefined;
  /** Called when a host publishes a service, and when it takes it back. */
  readonly published?: (service: object) => void;
  readonly withdrawn?: (service: object) => void;
  /** Without one, garbage is collected when the runtime pleases. */
  readonly collector?: Collector;
  /** Runs `task` after everything that is already due, before the process waits again. */
  defer(task: () => void): void;
  /** Runs `task` once after `ms` milliseconds; does not keep the process alive. Returns what calls it off. */
  after(ms: number, task: () => void): () => void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** What happens to an error that nobody catches. */
  uncaught(error: unknown): void;
  warn(name: string, message: string): void;
}
