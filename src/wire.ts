/**
 * The wire: every message of a session. PROTOCOL.md tells the same in prose, with the life of each id.
 *
 * Perspective: "mine" is the sender's. An export is a value of the sender that the receiver may refer to; ids are given
 * by the exporter, grow from 1, and are never used again. Both sides may send every message.
 *
 * A text frame is a JSON array of messages. Each byte frame before it is an attachment; a message takes as many of them,
 * in order, as it says.
 */

export const PROTOCOL = 'dynobot';
export const VERSION = 1;
/** The name of the service by which every host answers questions about itself. */
export const SELF = 'dynobot';

/** The first element of a message. */
export const VERB = {
  hello: 0,
  call: 1,
  return: 2,
  throw: 3,
  fault: 4,
  abort: 5,
  release: 6,
  shape: 7,
  service: 8,
  collect: 9,
  bye: 10,
  event: 11,
  handled: 12,
  role: 13,
  beat: 14,
  gap: 15,
  inner: 16,
  series: 17,
  returns: 18,
} as const;

/** What a call does to its target. */
export const OPERATION = {
  apply: 0, method: 1, get: 2, set: 3, construct: 4, notify: 5,
  /** What else can be done to an object: `in`, `delete`, all own properties, one own property, Object.defineProperty. */
  has: 6, delete: 7, properties: 8, property: 9, define: 10,
  /** An object of a subclass that the caller has: what the class's own code works on. */
  extend: 11,
} as const;
export type Operation = (typeof OPERATION)[keyof typeof OPERATION];

/** The name under which a method call asks for an iterator: no property has it. */
export const ITERATE = '@@asyncIterator';
/** The same for one whose values are there at once: it crosses as an object with the methods of an iterator. */
export const ITERATE_SYNC = '@@iterator';

/** JSON data in which every value that JSON lacks stands as an escape: an array that begins with `ESCAPE`. */
export type Packed = null | boolean | number | string | Packed[] | { [key: string]: Packed };

export const ESCAPE = '$';

/** The second element of an escape. An escape without one is `undefined`. Longer names are those of kinds (values/). */
export const TAG = {
  /** [$, n, 'NaN' | 'Infinity' | '-Infinity' | '-0'] */
  number: 'n',
  /** [$, i, decimal digits] */
  bigint: 'i',
  /** [$, w, name]: a well-known symbol */
  wellKnown: 'w',
  /** [$, k, key]: a symbol of the global registry */
  registered: 'k',
  /** [$, r, n]: the n-th container of this message, again */
  again: 'r',
  /** [$, a, [...]]: an array whose first element is '$' */
  array: 'a',
  /** [$, l, length, [[key, value], ...]]: an array with holes or further properties */
  sparse: 'l',
  /** [$, o, [[key, value], ...], 1 if its prototype is null]: an object that JSON would not keep */
  object: 'o',
  /** [$, d, tag, ...]: a value of the kind with that tag; its head is rows, which are primitives and lists of them, taken as they are */
  rows: 'd',
  /** [$, b, n]: the n-th attachment of this message */
  bytes: 'b',
  /** [$, F, id, length, name, shape of its members | 0, shape of its instances | 0]: my function; what is 0 or '' may lack at the end */
  function: 'F',
  /** [$, O, id, shape, snapshot?, number?]: my object; the number of an object of yours that extends it */
  instance: 'O',
  /** [$, Y, id, description?]: my symbol */
  symbol: 'Y',
  /** [$, H, id]: your own value, sent home */
  home: 'H',
} as const;

/**
 * 0: the data holds no escape and is taken as it is. n > 0: it holds escapes, and n - 1 attachments belong to it.
 * n < 0: the data is compact (compact/format.ts), in an attachment that precedes the others; -1 - n is what n would be.
 */
export type Escapes = number;

/** What each side says first. `services` SERVICE messages follow. */
export interface Greeting {
  name: string;
  pid: number;
  services: number;
  /** Milliseconds within which the sender wants to hear of the receiver; lacking: it does not mind. */
  heartbeat?: number;
  /** The role that the sender takes turns in. */
  role?: RoleGreeting;
}

export interface RoleGreeting {
  name: string;
  /** Its place in the role: who comes to the same place succeeds who is there. */
  instance: string;
}

export type HelloMessage = [verb: 0, protocol: string, version: number, greeting: Greeting];
/**
 * `call` 0: no answer is wanted; a failure comes back as a fault. `receiver`: the `this` of an applied function, as an
 * escape; in short, for an object of the sender's, its id, followed by its shape.
 */
export type CallMessage = [verb: 1, ...call: CallParts];
type CallParts = [call: number, target: number, operation: Operation, name: string | 0, args: Packed, escapes: Escapes, receiver?: Packed, shape?: number];
/**
 * A call for whose answer somebody stands still (a blocking client, or this side for one). `course`: the receiver's own call
 * that it is made in the course of; negative if a third process stands still for this one; 0: none of the receiver's. A
 * promise is answered as a promise, not waited for. The rest is as in a CALL.
 */
export type InnerMessage = [verb: 16, course: number, ...call: CallParts];
/**
 * Calls without answers, one after the other, that differ in nothing but their arguments. These are in an attachment, compact
 * (compact/format.ts), without escapes: an array for each call.
 */
export type SeriesMessage = [verb: 17, target: number, operation: Operation, name: string | 0, receiver?: Packed, shape?: number];
/** Each call is answered exactly once, by a return or a throw, also after an abort. Without a value it returned undefined. */
export type ReturnMessage = [verb: 2, call: number, value?: Packed, escapes?: Escapes];
/** So many calls, of which this is the first, and each of the others has the next number, have returned undefined. */
export type ReturnsMessage = [verb: 18, call: number, count: number];
export type ThrowMessage = [verb: 3, call: number, error: Packed, escapes: Escapes];
/** A call without an answer failed: `where` names the member, for people. */
export type FaultMessage = [verb: 4, where: string, error: Packed, escapes: Escapes];
/** The sender does not want the answer to its call any more. */
export type AbortMessage = [verb: 5, call: number];
/**
 * Threes: an id of the receiver's export, how many there are, of which this is the first, and each of the others has the next
 * id, and the number of receipts that the sender gives back of each.
 */
export type ReleaseMessage = [verb: 6, ...runs: number[]];
/** Describes a class or an object's members, before the first reference that names it. */
export type ShapeMessage = [verb: 7, shape: number, definition: Packed];
/** A service was added, or (null) withdrawn. */
export type ServiceMessage = [verb: 8, name: string, reference: Packed];
/** The sender pays for many references: the receiver may collect garbage when it is idle. */
export type CollectMessage = [verb: 9];
/** The sender is there, and has nothing else to say. */
export type BeatMessage = [verb: 14];
/** So many events for the receiver were dropped here, because it reads too slowly. */
export type GapMessage = [verb: 15, count: number];
/** The session's end, with a reason: an error code or an empty string. Nothing follows it. */
export type ByeMessage = [verb: 10, code: string, reason: string];
/** An event of your role, for all these listeners of yours. Its number is one more than that of the event before. */
export type EventMessage = [verb: 11, event: number, listeners: Packed, args: Packed, escapes: Escapes, receiver?: Packed, shape?: number];
/** All events up to `taken` were given to their listeners. Those in `begun` are still worked on; those in `settled`, begun earlier, are not. */
export type HandledMessage = [verb: 12, taken: number, begun: Packed, settled: Packed];
/** A step of taking turns in a role, with what it needs. */
export type RoleMessage = [verb: 13, step: RoleStep, value?: Packed, escapes?: Escapes];

/** The steps of a role, and what each says. */
export type RoleStep =
  /** The client is ready; true: it hands a state over. */
  | 'ready'
  /** The client is not: its error. */
  | 'failed'
  /** Whether the client hands a state over from now on. */
  | 'hands'
  /** The host asks for that state. The client answers with 'state' (bytes) or 'stateless' (an error). */
  | 'hand' | 'state' | 'stateless'
  /** The client saves a state (bytes, or null to forget it); the host has it (true), or has not (false, or how much room there is). */
  | 'save' | 'saved'
  /** The client has the turn: with the state of the one before (bytes or null). */
  | 'turn'
  /** What was dropped before its turn. */
  | 'gap'
  /** The client gives its turn up. The host answers with 'retire'. */
  | 'leave'
  /** The turn is over: so many milliseconds are left. The client says when it has finished. */
  | 'retire' | 'retired';

export type Message =
  | HelloMessage | CallMessage | ReturnMessage | ThrowMessage | FaultMessage | AbortMessage
  | ReleaseMessage | ShapeMessage | ServiceMessage | CollectMessage | BeatMessage | GapMessage | ByeMessage
  | EventMessage | HandledMessage | RoleMessage | InnerMessage | SeriesMessage | ReturnsMessage;
