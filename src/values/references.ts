import type { Packed } from '../wire.js';

/** What can be referred to: it has an identity that a WeakRef can follow. */
export type Referable = object | symbol;

export interface NoteKeeper {
  unsent(mentioned: object): void;
}

/** What the values of a message ask of their session, on the sending side. */
export interface ReferenceSender {
  /** Whether `value` is a proxy of ours, or exported already, and so crosses by reference whatever it is. */
  refers(value: object): boolean;
  /**
   * The escape for `value`: home, if it is a stand-in of this session; else an export, new or known. The receipt counts
   * only once the whole message is committed. `container` is the plain object in which a function was found.
   */
  send(value: Referable, container?: object): Packed;
  /** What a value of a kind of its own is made of, without what this session may not have. Its head's names are the kind's. */
  partsOf(value: object, parts: unknown, part: 'head' | 'body'): unknown;
  /** What the message mentions of a kind's own: `keeper` is told if it cannot be sent after all. */
  note(mentioned: object, keeper: NoteKeeper): void;
  hasNoted(mentioned: object): boolean;
  /** The same for the `this` of a call, as text. It goes with every event: an object of ours is `id,shape`, without a snapshot. */
  sendReceiver(value: object): string;
}

/** The same on the receiving side. */
export interface ReferenceReceiver {
  /** Most references that we may hold of the other side's; what else a kind keeps for it counts as so many. */
  readonly most: number;
  function(id: number, length: number, name: string, members: number, instances: number): object;
  /** `extension`: the receiver's own number for the object of its that extends this one. */
  instance(id: number, shape: number, snapshot: Record<string, unknown> | undefined, extension?: number): object;
  symbol(id: number, description: string | undefined): symbol;
  home(id: number): Referable;
  /** Makes what a kind needs to make its value. */
  standIn<T>(make: () => T): T;
}
