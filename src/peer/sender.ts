import { DynobotError, limitError } from '../errors.js';
import { encodeCompact, encoding } from '../compact/encoder.js';
import { isLarge, LARGE } from '../compact/large.js';
import type { Limits } from '../limits.js';
import type { Reference } from '../proxies/reference.js';
import { copyOf } from '../values/copies.js';
import { beginTaking, endTaking, flatText, flatTexts } from '../values/flat.js';
import type { Kind } from '../values/kind.js';
import type { Kinds } from '../values/kinds.js';
import { isByReference } from '../values/marks.js';
import { Uncrossable } from '../values/path.js';
import { Rows, rowsEscape } from '../values/rows.js';
import { Writer, type Sink } from '../values/writer.js';
import { OPERATION, VERB, type Message, type Operation, type Packed, type RoleStep } from '../wire.js';
import { beginning, deed, plainMessage } from './call-text.js';
import { ATTACHMENT, bytesOf, holdsMore, tooMany } from './inbox.js';
import { encodedBefore, isMetAgain, remember } from './latest-arguments.js';
import type { Outbox } from './outbox.js';
import type { Export } from './exports.js';
import type { References } from './references.js';
import { Returns } from './returns.js';
import { Series } from './series.js';

/** Turns what a peer has to say into messages. What cannot cross is refused before anything is sent. */
export class Sender {
  /** Packs the next message; undefined while it packs one. */
  #idle: Writer | undefined;
  /** The latest message that was packed held many values: the next one is expected to, and written at once. */
  #expectsLarge = false;
  readonly #series: Series;
  readonly #returns: Returns;

  constructor(
    private readonly outbox: Outbox,
    private readonly references: References,
    private readonly kinds: Kinds,
    private readonly limits: Limits,
    /** An event with these arguments was dropped, because the other side reads too slowly. */
    private readonly dropped: (args: readonly unknown[]) => void,
  ) {
    this.#series = new Series(outbox, references, limits);
    this.#returns = new Returns(outbox);
  }

  /** @throws DynobotError ERR_DYNOBOT_UNCLONABLE, ERR_DYNOBOT_LIMIT_…, ERR_DYNOBOT_RELEASED */
  call(call: number, to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown): void {
    if (call === 0) return this.#cast(to, operation, name, args, receiver);
    this.#sendArguments(beginning(call, to, operation, name), args, receiver, assigned(to, operation, name));
  }

  #cast(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown): void {
    const outer = beginTaking();
    try {
      if (this.#series.takes(to, operation, name, args, receiver)) return;
      const isEvent = operation === OPERATION.apply;
      const head = isEvent ? (to.eventHead ??= beginning(0, to, operation, name)) : beginning(0, to, operation, name);
      this.#sendTaken(head, args, receiver, isEvent && this.outbox.holds, isEvent ? undefined : assigned(to, operation, name));
    } finally {
      endTaking(outer);
    }
  }

  /** A call that somebody stands still for, made in the course of the other side's call of that number (0: of none). */
  inner(course: number, call: number, to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown): void {
    this.#sendArguments(`[${VERB.inner},${course},${call},${to.id}${deed(operation, name)}`, args, receiver, assigned(to, operation, name));
  }

  /** @throws DynobotError ERR_DYNOBOT_UNCLONABLE, ERR_DYNOBOT_LIMIT_…, ERR_DYNOBOT_RELEASED */
  event(event: number, listeners: readonly Reference[], args: unknown[], receiver: unknown): void {
    this.#sendArguments(`[${VERB.event},${event},[${listeners.map(({ id }) => id).join()}],[`, args, receiver);
  }

  /** @throws DynobotError ERR_DYNOBOT_UNCLONABLE, ERR_DYNOBOT_LIMIT_… */
  step(step: RoleStep, value: unknown): void {
    const head = `[${VERB.role},"${step}"`;
    if (value === undefined) return this.outbox.push(`${head}]`, NONE);
    this.#send(step, (packer) => `${head},${this.#value(packer, value)}]`);
  }

  answer(call: number, value: unknown): void {
    if (value === undefined) return this.#returns.add(call);
    const outer = beginTaking();
    try {
      const flat = flatText(value);
      if (flat !== undefined && this.#fits(flat.length)) this.outbox.push(`${RETURN}${call},${flat},0]`, NONE);
      else this.#answerPacked(call, value);
    } finally {
      endTaking(outer);
    }
  }

  #answerPacked(call: number, value: unknown): void {
    try {
      this.#sendOn('result', (packer) => `[${VERB.return},${call},${this.#value(packer, value)}]`);
    } catch (error) {
      this.throw(call, error);
    }
  }

  throw(call: number, error: unknown): void {
    this.#sendError(error, `[${VERB.throw},${call}`);
  }

  fault(where: string, error: unknown): void {
    this.#sendError(error, `[${VERB.fault},${JSON.stringify(where)}`);
  }

  service(name: string, service: object | null): void {
    this.#send(`services.${name}`, (packer) => `[${VERB.service},${JSON.stringify(name)},${this.#json(packer.pack(service))}]`);
  }

  /** A message that holds nothing of the user's. */
  plain(message: Message): void {
    this.outbox.push(JSON.stringify(message), NONE);
  }

  /** The last message. */
  bye(reason: DynobotError | undefined): void {
    this.outbox.conclude(JSON.stringify([VERB.bye, reason?.code ?? '', reason?.message ?? ''] satisfies Message));
  }

  /** `head` ends with the bracket that opens the arguments. */
  #sendArguments(head: string, args: unknown[], receiver: unknown, assigned?: string): void {
    const outer = beginTaking();
    try {
      this.#sendTaken(head, args, receiver, false, assigned);
    } finally {
      endTaking(outer);
    }
  }

  /**
   * Something of it may have been taken already. `mayDrop`: it is an event, and messages wait for a slow reader. `assigned`: what
   * the one argument is assigned to.
   */
  #sendTaken(head: string, args: unknown[], receiver: unknown, mayDrop: boolean, assigned: string | undefined): void {
    if (mayDrop || !this.#sendShort(head, args, receiver)) this.#sendArgumentsPacked(head, args, receiver, mayDrop, assigned);
  }

  #sendShort(head: string, args: unknown[], receiver: unknown): boolean {
    if (holdsFunction(args)) return this.#sendFunctionsFlat(head, args, receiver);
    return this.#holdsRows(args) ? this.#sendRowsFlat(head, args, receiver) : this.#sendArgumentsFlat(head, args, receiver);
  }

  // A method of its own, as all on the way of a call that makes a closure of its parameters: V8 would put them on the heap each time.
  #sendArgumentsPacked(head: string, args: unknown[], receiver: unknown, mayDrop: boolean, assigned: string | undefined): void {
    // The bracket is that of the data: to cut it off there would copy all of it.
    const text = (packer: Writer): string => `${head.slice(0, -1)}${this.#withReceiver(packer, args, receiver)}`;
    this.#sendOn('arguments', text, mayDrop ? () => this.dropped(args) : undefined, assigned);
  }

  // The short way, if they can take it: no values but flat ones, simple functions or rows, and a receiver that the other side knows.

  #sendFunctionsFlat(head: string, args: unknown[], receiver: unknown): boolean {
    const { short } = this.references;
    const mark = short.mark();
    let sent = false;
    try {
      sent = this.#sendArgumentsFlat(head, args, receiver, short.text);
    } finally {
      short.settle(mark, sent);
    }
    return sent;
  }

  #sendRowsFlat(head: string, args: unknown[], receiver: unknown): boolean {
    const outer = this.references.begin();
    try {
      const sent = this.#sendArgumentsFlat(head, args, receiver, this.#rowsText);
      if (sent) this.references.commit();
      return sent;
    } finally {
      this.references.end(outer);
    }
  }

  /** What throws is for the packer, which tells where it was. */
  readonly #rowsText = (value: unknown): string | undefined => {
    const kind = this.#kindOfRows(value);
    if (kind === undefined || isByReference(value as object) || this.references.refers(value as object)) return undefined;
    try {
      const head = kind.head(value as object, this.references);
      return head instanceof Rows ? JSON.stringify(rowsEscape(kind, head)) : undefined;
    } catch {
      return undefined;
    }
  };

  #holdsRows(args: readonly unknown[]): boolean {
    for (let i = 0; i < args.length; i++) if (this.#kindOfRows(args[i]) !== undefined) return true;
    return false;
  }

  #kindOfRows(value: unknown): Kind | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const prototype = Object.getPrototypeOf(value) as object | null;
    return prototype === Object.prototype || prototype === Array.prototype ? undefined : this.kinds.ofRows(value);
  }

  #sendArgumentsFlat(head: string, args: unknown[], receiver: unknown, otherText?: (value: unknown) => string | undefined): boolean {
    const flat = flatTexts(args, otherText);
    if (flat === undefined || !this.#fits(head.length + flat.length)) return false;
    const closing = this.references.closing(receiver);
    if (closing === undefined) return false;
    this.outbox.push(otherText === undefined ? plainMessage(head, flat, closing) : `${head}${flat}],1${closing}`, NONE);
    return true;
  }

  /** Whether flat text of that length, and what closes its message, surely is within all limits. */
  #fits(length: number): boolean {
    const { frame, queue, elements } = this.limits;
    return (length + CLOSING) * 3 < Math.min(frame, queue) && length / 2 <= elements && !this.outbox.closed;
  }

  #send(root: string, text: (packer: Writer) => string): void {
    const outer = beginTaking();
    try {
      this.#sendOn(root, text);
    } finally {
      endTaking(outer);
    }
  }

  /** Sends a message of which something may have been taken already. */
  #sendOn(root: string, text: (packer: Writer) => string, dropped?: () => void, assigned?: string): void {
    // The code of a call may have ended the session: nothing is exported to nobody.
    if (this.outbox.closed) return;
    const packer = this.#idle ?? new Writer(this.kinds, this.references, this.limits.depth);
    this.#idle = undefined;
    const outer = this.references.begin();
    try {
      const message = text(packer);
      // Packing may have run a getter that ended the session.
      if (this.outbox.closed) return;
      this.#mustFit(assigned ?? root, message, packer.attachments);
      const receipts = this.references.commit();
      this.outbox.push(message, packer.attachments, dropped && (() => this.#takeBack(receipts, dropped)));
    } catch (error) {
      throw Uncrossable.report(error, root, assigned);
    } finally {
      this.references.end(outer);
      packer.reset();
      this.#idle = packer;
    }
  }

  #takeBack(receipts: readonly Export[], dropped: () => void): void {
    this.references.takeBack(receipts);
    dropped();
  }

  /** The end of a message that calls something. */
  #withReceiver(packer: Writer, args: unknown[], receiver: unknown): string {
    const data = this.#arguments(packer, args);
    const self = receiver === undefined ? undefined : packer.receiver(receiver);
    return `${data}${self === undefined ? ']' : `,${self}]`}`;
  }

  /** One event goes to many sessions: what is the same in JSON is encoded for the first, and for the others compared. */
  #arguments(packer: Writer, args: unknown[]): string {
    const before = encodedBefore(args, this.#encodes());
    if (before !== undefined) return typeof before === 'string' ? before : this.#attached(packer, copyOf(before));
    const isAgain = isMetAgain(args);
    if (this.#expectsLarge && !isAgain) return this.#attached(packer, this.#written((sink) => packer.writeArguments(args, sink)));
    const packed = packer.packArguments(args) as Packed[];
    const data = this.#encoded(packer, packed);
    if (packer.escapes === 0) this.#remember(packer, args, packed, data, isAgain);
    return data;
  }

  /** What its messages depend on, beside what is in them. */
  #encodes(): readonly unknown[] {
    return [this.kinds, this.limits.depth, this.limits.elements];
  }

  /** What is large is written without a copy to compare with, unless it comes again. */
  #remember(packer: Writer, args: readonly unknown[], packed: readonly Packed[], data: string, isAgain: boolean): void {
    const [large] = packer.attachments;
    if (large === undefined || isAgain) remember({ args, by: this.#encodes(), packed, containers: packer.packed, encoded: large === undefined ? data : copyOf(large) });
  }

  #value(packer: Writer, value: unknown): string {
    return this.#data(packer, () => packer.pack(value), (sink) => packer.write(value, sink));
  }

  /** What was packed, and what escapes it holds. If it is much, it is an attachment: the first of its message. */
  #data(packer: Writer, pack: () => Packed, write: (sink: Sink) => void): string {
    if (this.#expectsLarge) return this.#attached(packer, this.#written(write));
    return this.#encoded(packer, pack());
  }

  #encoded(packer: Writer, packed: Packed): string {
    if (!isLarge(packed)) return `${this.#json(packed)},${packer.escapes}`;
    this.#expectsLarge = true;
    return this.#attached(packer, encodeCompact(packed, this.limits.elements));
  }

  #written(write: (sink: Sink) => void): Uint8Array | undefined {
    return encoding((encoder) => {
      write(encoder);
      this.#expectsLarge = encoder.elements >= LARGE;
      return encoder.finish(this.limits.elements);
    });
  }

  #attached(packer: Writer, bytes: Uint8Array | undefined): string {
    if (bytes === undefined) throw tooMany(this.limits.elements);
    const { escapes } = packer;
    packer.attachments.unshift(bytes);
    return `[],${-1 - escapes}`;
  }

  #json(packed: Packed): string {
    const text = JSON.stringify(packed);
    if (holdsMore(text, this.limits.elements)) throw tooMany(this.limits.elements);
    return text;
  }

  #mustFit(root: string, message: string, attachments: readonly Uint8Array[]): void {
    const longest = Math.min(this.limits.frame, this.limits.queue);
    let size = bytesOf(message, longest);
    for (const { byteLength } of attachments) size += byteLength + ATTACHMENT;
    if (size <= longest) return;
    throw limitError('FRAME', `${root}: ${size} bytes are too long for one message (the lesser of limits.frame and limits.queue is ${longest})`);
  }

  /** An error that cannot cross itself is told of by one that can. */
  #sendError(error: unknown, head: string): void {
    const send = (value: unknown): void => this.#send('error', (packer) => `${head},${this.#value(packer, value)}]`);
    try {
      send(error);
    } catch (problem) {
      send(new DynobotError('ERR_DYNOBOT_UNCLONABLE', `${messageOf(problem)}; the error was ${messageOf(error)}`));
    }
  }
}

/** What an assignment is to, for people. */
function assigned(to: Reference, operation: Operation, name: string | 0): string | undefined {
  return operation === OPERATION.set ? `${to.label}.${name}` : undefined;
}

/** A loop: this is on the way of every event, and `some` would call a function for each argument. */
function holdsFunction(args: readonly unknown[]): boolean {
  for (let i = 0; i < args.length; i++) if (typeof args[i] === 'function') return true;
  return false;
}

const NONE: readonly Uint8Array[] = [];

/** The longest that can follow the values of a message: a receiver's two numbers. */
const CLOSING = 64;

const RETURN = `[${VERB.return},`;

/** Short: it stands for an error that may have been too long to cross. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 1000) : typeof error;
  } catch {
    return 'one that cannot be read';
  }
}
