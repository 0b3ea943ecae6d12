import { limitError, protocolError, type DynobotError } from '../errors.js';
import { GATHERED, longestFrame } from '../limits.js';
import type { Frame } from '../transports/transport.js';
import { VERB, type Escapes, type Message, type Packed } from '../wire.js';

/** Takes frames apart into messages. What is not made as the wire says is a protocol error. */
export class Inbox {
  /** Attachments that no message has taken yet. */
  #attachments: Uint8Array[] = [];
  #bytes = 0;
  /** Elements that the message which is being looked at may still hold. */
  #room = 0;

  constructor(
    private readonly limits: { readonly frame: number; readonly depth: number; readonly elements: number },
  ) {}

  /** What a frame holds, in order, each to be checked when its turn comes; nothing, if it is an attachment. */
  open(frame: Frame): readonly Packed[] {
    if (typeof frame !== 'string') return this.#attachment(frame);
    const { frame: longest, elements } = this.limits;
    if (frame.length > longestFrame(longest)) throw tooLong(`a frame of ${frame.length}`, longest);
    // Before it is parsed: a few characters can cost a hundred bytes. A frame may hold several messages.
    if (holdsMore(frame, Math.max(elements, SEVERAL))) throw tooMany(elements);
    return parse(frame);
  }

  checked(message: Packed): Message {
    if (!Array.isArray(message)) throw protocolError('a message is not an array');
    if (this.limits.frame < GATHERED) mustBeWithin(this.limits.frame, message);
    return message as unknown as Message;
  }

  /** The attachments of a message with `escapes`, which is not 0. `longest`: what they may take together. */
  take(escapes: Escapes, longest = this.limits.frame): readonly Uint8Array[] {
    if (escapes === 1) return NONE;
    if (!Number.isSafeInteger(escapes) || escapes === 0) throw protocolError('a message has a wrong number of attachments');
    const count = escapes > 0 ? escapes - 1 : Math.max(1, -1 - escapes);
    if (count > this.#attachments.length) throw protocolError('a message lacks its attachments');
    const taken = this.#attachments.splice(0, count);
    let size = 0;
    for (const { byteLength } of taken) size += byteLength + ATTACHMENT;
    if (size > longest) throw tooLong(`attachments of ${size}`, longest);
    this.#bytes -= size;
    return taken;
  }

  /** Data without escapes is used as it came, so its size is all there is to check. */
  plain(packed: Packed): Packed {
    this.#room = this.limits.elements;
    if (this.#isDeeper(packed, this.limits.depth + 1)) throw limitError('DEPTH', `a value is nested more than ${this.limits.depth} deep (limits.depth)`);
    return packed;
  }

  /** Counts on the way what it sees. */
  #isDeeper(value: Packed, depth: number): boolean {
    if (typeof value !== 'object' || value === null) return false;
    if (depth === 0) return true;
    if (Array.isArray(value)) {
      this.#take(value.length);
      for (let i = 0; i < value.length; i++) {
        const element = value[i]!;
        if (typeof element === 'object' && element !== null && this.#isDeeper(element, depth - 1)) return true;
      }
      return false;
    }
    for (const key in value) {
      this.#take(1);
      const property = value[key]!;
      if (typeof property === 'object' && property !== null && this.#isDeeper(property, depth - 1)) return true;
    }
    return false;
  }

  #take(count: number): void {
    this.#room -= count;
    if (this.#room < 0) throw tooMany(this.limits.elements);
  }

  #attachment(bytes: Uint8Array): readonly Packed[] {
    this.#bytes += bytes.byteLength + ATTACHMENT;
    if (this.#bytes > longestFrame(this.limits.frame)) throw tooLong(`attachments of ${this.#bytes}`, this.limits.frame);
    this.#attachments.push(bytes);
    return NONE;
  }
}

/** What an attachment counts for beside its bytes, so that empty ones are bounded, too. */
export const ATTACHMENT = 256;

const NONE: readonly never[] = [];

function parse(frame: string): Packed[] {
  let messages: unknown;
  try {
    messages = JSON.parse(frame);
  } catch {
    throw protocolError('a frame is not JSON');
  }
  if (!Array.isArray(messages)) throw protocolError('a frame is not an array of messages');
  return messages as Packed[];
}

function tooLong(what: string, longest: number): DynobotError {
  return limitError('FRAME', `${what} bytes is too long (limits.frame is ${longest})`);
}

/** What makes a frame of a message. */
const BRACKETS = 2;

const utf8 = new TextEncoder();

/** How long the frame of one message is, in bytes. Counted only where it matters: a character takes three bytes at most. */
export function bytesOf(message: string, limit: number): number {
  return BRACKETS + (message.length * 3 < limit ? message.length : utf8.encode(message).byteLength);
}

/** These hold nothing of the user's, or are many messages in one. They are within what a frame may take. */
const OURS: ReadonlySet<unknown> = new Set([VERB.shape, VERB.release, VERB.handled, VERB.series, VERB.bye]);

/** Where the limit is less than a frame of several messages may take: text that was parsed is as long when it is written again. */
function mustBeWithin(longest: number, message: readonly Packed[]): void {
  const size = bytesOf(JSON.stringify(message), longest);
  if (size > longest && !OURS.has(message[0])) throw tooLong(`a message of ${size}`, longest);
}

export function tooMany(elements: number): DynobotError {
  return limitError('ELEMENTS', `it holds more than ${elements} elements and properties (limits.elements)`);
}

/** Elements that a frame of several messages, or a series of calls, may hold, whatever the limit for one. */
export const SEVERAL = 50_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether JSON text holds more than so many elements and properties. Each takes two characters at least, so that what most
 * texts are is not looked at.
 */
export function holdsMore(text: string, most: number): boolean {
  if (text.length / 2 <= most) return false;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case 0x2c /* , */:
      case 0x5b /* [ */:
      case 0x7b /* { */:
        if (++count > most) return true;
    }
  }
  return false;
}

/** Where the string ends that begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
