import { protocolError } from '../errors.js';
import type { Frame } from '../transports/transport.js';
import type { Message, Packed } from '../wire.js';

/** Takes frames apart into messages. What is not made as the wire says is a protocol error. */
export class Inbox {
  /** Attachments that no message has taken yet. */
  #attachments: Uint8Array[] = [];
  #bytes = 0;

  constructor(
    private readonly limits: { readonly frame: number; readonly depth: number },
    private readonly handle: (message: Message) => boolean,
  ) {}

  /** Handles the messages of a frame in order, until one of them ends the session. */
  frame(frame: Frame): void {
    if (typeof frame !== 'string') return this.#attachment(frame);
    if (frame.length > this.limits.frame) throw protocolError('a frame is too long');
    const messages = parse(frame);
    for (const message of messages) {
      if (!Array.isArray(message)) throw protocolError('a message is not an array');
      if (!this.handle(message as unknown as Message)) return;
    }
  }

  /** The attachments of a message with `escapes`, which is not 0. */
  take(escapes: number): readonly Uint8Array[] {
    if (escapes === 1) return NONE;
    if (!Number.isSafeInteger(escapes) || escapes < 1) throw protocolError('a message has a wrong number of attachments');
    if (escapes - 1 > this.#attachments.length) throw protocolError('a message lacks its attachments');
    const taken = this.#attachments.splice(0, escapes - 1);
    for (const { byteLength } of taken) this.#bytes -= byteLength + ATTACHMENT;
    return taken;
  }

  /** Data without escapes is used as it came, so its depth is all there is to check. */
  plain(packed: Packed): Packed {
    if (isDeeper(packed, this.limits.depth + 1)) throw protocolError('a value is nested too deeply');
    return packed;
  }

  #attachment(bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength + ATTACHMENT;
    if (this.#bytes > this.limits.frame) throw protocolError('attachments are too long');
    this.#attachments.push(bytes);
  }
}

/** What an attachment counts for beside its bytes, so that empty ones are bounded, too. */
export const ATTACHMENT = 256;

const NONE: readonly Uint8Array[] = [];

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

function isDeeper(value: Packed, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const element = value[i]!;
      if (typeof element === 'object' && element !== null && isDeeper(element, depth - 1)) return true;
    }
    return false;
  }
  for (const key in value) {
    const property = value[key]!;
    if (typeof property === 'object' && property !== null && isDeeper(property, depth - 1)) return true;
  }
  return false;
}
