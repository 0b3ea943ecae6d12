import { decodeCompact, decodeCompacts } from '../compact/decoder.js';
import { CODES, DynobotError, protocolError, type ErrorCode } from '../errors.js';
import { longestFrame, type Limits } from '../limits.js';
import type { Frame } from '../transports/transport.js';
import { referenceOf } from '../proxies/reference.js';
import type { Kinds } from '../values/kinds.js';
import { isCarrier } from '../values/carrier.js';
import { Unpacker } from '../values/unpacker.js';
import { OPERATION, PROTOCOL, VERB, VERSION, type CallMessage, type Escapes, type EventMessage, type Greeting, type InnerMessage, type Message, type Packed, type ReleaseMessage, type SeriesMessage } from '../wire.js';
import { Thrown } from '../proxies/outcome.js';
import type { Callee } from './callee.js';
import type { Calls } from './calls.js';
import type { Export, Exports } from './exports.js';
import type { Imports } from './imports.js';
import { Inbox, SEVERAL } from './inbox.js';
import type { InnerCallee } from './inner-callee.js';
import { admit, type Request } from './perform.js';
import { wayFrom } from './way.js';
import type { References } from './references.js';
import type { RoleEnd } from './role-end.js';
import type { Mirrors } from './shapes.js';

/** Compact data without escapes. */
const COMPACT = -1;
/** An escape nests so many arrays at the most around the values in it. */
const OF_ESCAPES = 5;

/** What the receiver hands on. */
export interface Received {
  greeted(greeting: Greeting): void;
  service(name: string, proxy: unknown): void;
  failed(error: unknown, where: string): void;
  collect(): void;
  /** So many events were dropped over there, because this side reads too slowly. */
  missed(count: number): void;
  /** The other side ended the session. */
  bye(reason: DynobotError | undefined): void;
  readonly ended: boolean;
  /** No new work is begun, except for what is underway. */
  readonly finishing: boolean;
  /** What this end does for a role. */
  readonly role: RoleEnd;
}

/** A call of the other side's, admitted and not yet carried out. `course` is as on the wire; undefined: nobody stands still for it. */
export interface Incoming {
  readonly call: number;
  readonly course: number | undefined;
  readonly entry: Export;
  readonly request: Request;
}

/** Decides when the calls of the other side are carried out: a client that blocks puts some of them aside. */
export interface Turns {
  arrived(incoming: Incoming): void;
  /** A call of ours is answered: what waits for it goes on when `settle` is called. */
  answered(call: number, settle: () => void): void;
}

interface Parts {
  readonly exports: Exports;
  readonly imports: Imports;
  readonly mirrors: Mirrors;
  readonly calls: Calls;
  readonly callee: Callee;
  readonly innerCallee: InnerCallee;
  /** Without them, what is called is carried out when the call arrives. */
  readonly turns: Turns | undefined;
  readonly references: References;
  readonly kinds: Kinds;
  readonly limits: Limits;
}

/** Services, and what describes them, come in the same frame. */
const LONGEST_GREETING = 4 * 1024 * 1024;

/** Takes what comes from the other side, trusting nothing of it: what is not as the wire says is thrown as a protocol error. */
export class Receiver {
  readonly #inbox: Inbox;
  #greeted = false;
  /** Unpacks the next message; undefined while it unpacks one. */
  #idle: Unpacker | undefined;

  constructor(
    private readonly parts: Parts,
    private readonly to: Received,
  ) {
    this.#inbox = new Inbox(parts.limits);
  }

  frame(frame: Frame): void {
    if (!this.#greeted && (typeof frame !== 'string' || frame.length > LONGEST_GREETING)) throw protocolError('it did not greet');
    for (const message of this.#inbox.open(frame)) {
      this.#message(this.#inbox.checked(message));
      if (this.to.ended) return;
    }
  }

  #message(message: Message): void {
    if (!this.#greeted && message[0] !== VERB.hello && message[0] !== VERB.bye) throw protocolError('it did not greet');
    const { mirrors } = this.parts;
    switch (message[0]) {
      case VERB.call:
        return this.#call(message);
      case VERB.return:
        return this.#settle(message[1], message[3] === undefined ? undefined : answerOf(this.#unpack(message[2]!, message[3])));
      case VERB.returns:
        return this.#returned(message[1], message[2]);
      case VERB.throw:
        return this.#settle(message[1], new Thrown(this.#unpack(message[2], message[3])));
      case VERB.fault:
        return this.to.failed(this.#unpack(message[2], message[3]), String(message[1]));
      case VERB.abort:
        return this.parts.callee.abort(message[1]);
      case VERB.release:
        return this.#release(message);
      case VERB.shape:
        return mirrors.described(message[1], message[2]);
      case VERB.service:
        return this.#service(message[1], message[2]);
      case VERB.collect:
        return this.to.collect();
      case VERB.hello:
        return this.#hello(message[1], message[2], message[3]);
      case VERB.inner:
        return this.#inner(message);
      case VERB.series:
        return this.#series(message);
      case VERB.bye:
        return this.#bye(message[1], message[2]);
      case VERB.beat:
        return undefined;
      case VERB.gap:
        return this.#gap(message[1]);
      case VERB.event:
        return this.#event(message);
      case VERB.handled:
        return this.to.role.handled(message[1], message[2], message[3]);
      case VERB.role:
        return this.to.role.step(message[1], message[3] === undefined ? undefined : this.#unpack(message[2]!, message[3]));
      default:
        throw protocolError(`it sent a message of an unknown kind, ${JSON.stringify((message as unknown[])[0])}`);
    }
  }

  #settle(call: number, outcome: unknown): void {
    const { calls, turns } = this.parts;
    if (turns === undefined) calls.settle(call, outcome);
    else this.#settleInTurn(turns, call, outcome);
  }

  #returned(first: number, count: number): void {
    // A client that stands still puts answers aside before it looks whether their calls are open.
    if (!isCount(first) || !isCount(count) || count > this.parts.calls.size) throw protocolError('it answers a wrong number of calls');
    for (let i = 0; i < count && !this.to.ended; i++) this.#settle(first + i, undefined);
  }

  #settleInTurn(turns: Turns, call: number, outcome: unknown): void {
    turns.answered(call, () => this.parts.calls.settle(call, outcome));
  }

  #unpack(packed: Packed, escapes: Escapes): unknown {
    if (escapes === 0) return this.#inbox.plain(packed);
    const attachments = this.#inbox.take(escapes);
    const data = escapes < 0 ? this.#compact(attachments, escapes) : packed;
    if (escapes === COMPACT) return data;
    const unpacker = this.#unpacker();
    const value = unpacker.value(data, escapes < 0 ? attachments.slice(1) : attachments);
    this.#idle = unpacker;
    return value;
  }

  #arguments(packed: Packed, escapes: Escapes): unknown[] {
    if (escapes === 0 && Array.isArray(packed)) return this.#inbox.plain(packed) as unknown[];
    const attachments = this.#inbox.take(escapes);
    const data = escapes < 0 ? this.#compact(attachments, escapes) : packed;
    if (!Array.isArray(data)) throw protocolError('a call lacks its arguments');
    if (escapes === COMPACT) return data;
    const unpacker = this.#unpacker();
    const args = unpacker.arguments(data, escapes < 0 ? attachments.slice(1) : attachments);
    this.#idle = unpacker;
    return args;
  }

  /** Callbacks for what is restricted are restricted in what they get. */
  #argumentsFor(entry: Export, message: CallMessage): unknown[] {
    return this.parts.imports.along(wayFrom(entry, message[4])!, () => this.#arguments(message[5], message[6]));
  }

  /** With escapes it may be deeper than its values, whose depth the unpacker sees to. */
  #compact(attachments: readonly Uint8Array[], escapes: Escapes): Packed {
    const { depth, elements } = this.parts.limits;
    return decodeCompact(attachments[0]!, escapes === COMPACT ? { depth, elements } : { depth: depth * OF_ESCAPES, elements: elements * OF_ESCAPES });
  }

  /** It is not idle again if what it unpacks throws: then the session ends. */
  #unpacker(): Unpacker {
    const { kinds, references, limits } = this.parts;
    const unpacker = this.#idle ?? new Unpacker(kinds, references, limits.depth, limits.elements);
    this.#idle = undefined;
    return unpacker;
  }

  // Read by index: to take an array apart by a pattern is to iterate over it, and this is the way of every event.
  #call(message: CallMessage, course?: number): void {
    const call = message[1];
    const entry = this.parts.exports.get(message[2]);
    const args = entry.way === undefined ? this.#arguments(message[5], message[6]) : this.#argumentsFor(entry, message);
    if (!Number.isSafeInteger(call) || call < 0) throw protocolError('a call has a wrong number');
    const receiver = message[7] === undefined ? undefined : this.#receiver(message[7], message[8]);
    this.#carryOut(call, course, entry, { operation: message[3], name: message[4], args, receiver });
  }

  #carryOut(call: number, course: number | undefined, entry: Export, request: Request): void {
    admit(entry, request);
    const { callee, turns } = this.parts;
    if (this.to.finishing && !isCarrier(entry.value)) return callee.refuse(call);
    if (turns !== undefined) return turns.arrived({ call, course, entry, request });
    if (course !== undefined) this.parts.innerCallee.call(call, course, entry, request);
    else if (call === 0) callee.cast(entry, request);
    else callee.call(call, entry, request);
  }

  /** What one of the calls does may end the session. */
  #series(message: SeriesMessage): void {
    const [, target, operation, name, self, shape] = message;
    const entry = this.parts.exports.get(target);
    const receiver = self === undefined ? undefined : this.#receiver(self, shape);
    const { depth, elements, frame } = this.parts.limits;
    const all = decodeCompacts(this.#inbox.take(COMPACT, longestFrame(frame))[0]!, { depth: depth + 1, elements: Math.max(elements, SEVERAL) });
    for (const args of all) {
      if (!Array.isArray(args)) throw protocolError('a call lacks its arguments');
      this.#carryOut(0, undefined, entry, { operation, name, args: this.#inbox.plain(args) as unknown[], receiver });
      if (this.to.ended) return;
    }
  }

  /** The same with the course of the call before its parts. */
  #inner(message: InnerMessage): void {
    const [course] = (message as unknown[]).splice(1, 1);
    if (!Number.isSafeInteger(course)) throw protocolError('a call has a wrong course');
    this.#call(message as unknown as CallMessage, course as number);
  }

  /** One event for several listeners: they share its arguments, as those of one emitter do. */
  #event(message: EventMessage): void {
    const { exports, callee } = this.parts;
    const ids = message[2];
    const args = this.#arguments(message[3], message[4]);
    if (!Array.isArray(ids)) throw protocolError('an event lacks its listeners');
    const receiver = message[5] === undefined ? undefined : this.#receiver(message[5], message[6]);
    const request: Request = { operation: OPERATION.apply, name: 0, args, receiver };
    const entries = ids.map((id) => exports.get(id as number));
    for (const entry of entries) admit(entry, request);
    this.to.role.event(message[1], () => callee.event(entries, request));
  }

  /** The `this` of a call: an object of the other side's in short, or any escape. */
  #receiver(self: Packed, shape: number | undefined): unknown {
    if (typeof self !== 'number') return this.#unpack(self, 1);
    if (!Number.isSafeInteger(self) || shape === undefined) throw protocolError('a call has a wrong receiver');
    return this.parts.references.receiver(self, shape);
  }

  #release(message: ReleaseMessage): void {
    for (let i = 1; i < message.length; i += 3) {
      const first = message[i];
      const count = message[i + 1];
      const receipts = message[i + 2];
      if (!isCount(first) || !isCount(count) || !isCount(receipts)) throw protocolError('it releases a wrong number of receipts');
      for (let id = first; id < first + count; id++) this.parts.exports.release(id, receipts);
    }
  }

  #gap(count: unknown): void {
    if (!isCount(count)) throw protocolError('a gap has no count');
    this.to.missed(count);
  }

  #service(name: unknown, packed: Packed): void {
    if (typeof name !== 'string') throw protocolError('a service has no name');
    this.to.service(name, packed === null ? undefined : this.#unpack(packed, 1));
  }

  #hello(protocol: unknown, version: unknown, greeting: Greeting): void {
    if (this.#greeted || protocol !== PROTOCOL) throw protocolError('its greeting is wrong');
    if (version !== VERSION) {
      throw new DynobotError('ERR_DYNOBOT_VERSION', `this side speaks version ${VERSION} of the protocol, the other side version ${String(version)}`);
    }
    if (typeof greeting !== 'object' || greeting === null || typeof greeting.name !== 'string' || typeof greeting.services !== 'number') {
      throw protocolError('its greeting lacks its parts');
    }
    this.#greeted = true;
    this.to.greeted(greeting);
  }

  #bye(code: unknown, reason: unknown): void {
    const known = typeof code === 'string' && Object.hasOwn(CODES, code) ? (code as ErrorCode) : undefined;
    this.to.bye(known === undefined ? undefined : new DynobotError(known, String(reason)));
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** A promise cannot be fulfilled with what has a `then`: it would call it, and that is the other side's. */
function answerOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || referenceOf(value) !== undefined || !Object.hasOwn(value, 'then')) return value;
  if (typeof (value as { then: unknown }).then !== 'function') return value;
  return new Thrown(new DynobotError('ERR_DYNOBOT_UNCLONABLE', 'the result has a function `then`: it would be taken for a promise'), true);
}
