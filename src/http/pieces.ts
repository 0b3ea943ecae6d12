/**
 * Bytes on their way between the two ends of an HTTP connection. What is short goes as text within the message, since an
 * attachment costs a frame of its own; what is long is an attachment.
 */

/** How a piece is to be written: text of one byte a character, text in UTF-8, bytes. */
export const LATIN1 = 0;
export const UTF8 = 1;
export const BYTES = 2;
type Form = typeof LATIN1 | typeof UTF8 | typeof BYTES;

/** Up to this length bytes go as text. */
const SHORT = 8 * 1024;
/** The longest piece: what is longer is cut. */
const LONG = 64 * 1024;

const ASCII = /^[\0-\x7f]*$/;

/** What one write is on the wire: form, data, form, data, … */
export type Packed = (number | string | Uint8Array)[];

/** Gathers what is written until it is sent, in as few pieces as can be. */
export class Pieces {
  #packed: Packed = [];
  /** Units of it: bytes, or characters of text. */
  size = 0;

  get isEmpty(): boolean {
    return this.#packed.length === 0;
  }

  add(chunk: string | Uint8Array, encoding?: string): void {
    if (chunk.length === 0) return;
    if (typeof chunk !== 'string') this.#addBytes(chunk);
    else if (chunk.length > LONG) this.#addBytes(Buffer.from(chunk, encoding as BufferEncoding));
    else this.#addText(chunk, encoding);
  }

  /** Takes all of it, or (not less than one piece) as many pieces as have about `most` units. */
  take(most = Infinity): { packed: Packed; size: number } {
    const all = { packed: this.#packed, size: this.size };
    if (this.size <= most) {
      this.#packed = [];
      this.size = 0;
      return all;
    }
    let end = 0;
    let size = 0;
    while (end < all.packed.length && size < most) {
      size += (all.packed[end + 1] as string | Uint8Array).length;
      end += 2;
    }
    this.size -= size;
    return { packed: this.#packed.splice(0, end), size };
  }

  #addText(text: string, encoding: string | undefined): void {
    switch (encoding) {
      case undefined:
      case null:
      case 'utf8':
      case 'utf-8':
        return this.#push(UTF8, text);
      case 'latin1':
      case 'binary':
      case 'ascii':
        return this.#push(LATIN1, text);
      default:
        return this.#addBytes(Buffer.from(text, encoding as BufferEncoding));
    }
  }

  #addBytes(bytes: Uint8Array): void {
    if (bytes.length <= SHORT) return this.#push(LATIN1, bufferOf(bytes).toString('latin1'));
    for (let at = 0; at < bytes.length; at += LONG) this.#push(BYTES, bufferOf(bytes.subarray(at, at + LONG)));
  }

  #push(form: Form, data: string | Uint8Array): void {
    this.size += data.length;
    const packed = this.#packed;
    const last = packed.length - 1;
    const before = packed[last];
    if (typeof before === 'string' && typeof data === 'string' && before.length + data.length <= LONG) {
      const joined = jointForm(packed[last - 1] as Form, before, form, data);
      if (joined !== undefined) {
        packed[last - 1] = joined;
        packed[last] = before + data;
        return;
      }
    }
    packed.push(form, data);
  }
}

/** The form in which two texts can be written as one. ASCII is the same in both, and halves of a character are not joined to one. */
function jointForm(form: Form, text: string, nextForm: Form, next: string): Form | undefined {
  if (form === nextForm) return form === UTF8 && isHalf(text.charCodeAt(text.length - 1)) ? undefined : form;
  if (ASCII.test(form === LATIN1 ? text : next)) return UTF8;
  return undefined;
}

/** The first half of a surrogate pair: alone it is written as U+FFFD. */
function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A chunk alone: short bytes as text, others as they are. */
export function packChunk(bytes: Uint8Array): string | Buffer {
  const buffer = bufferOf(bytes);
  return buffer.length <= SHORT ? buffer.toString('latin1') : buffer;
}

/** The chunk that came. @throws TypeError if it is none */
export function unpackChunk(packed: unknown): Buffer {
  if (typeof packed === 'string') return Buffer.from(packed, 'latin1');
  if (packed instanceof Uint8Array) return bufferOf(packed);
  throw new TypeError('a chunk is neither text nor bytes');
}

type Write = (data: string | Uint8Array, encoding: BufferEncoding | null, isLast: boolean) => void;

/** Hands each piece to `write`, in order. What is not as it should be is left out: it is for the sender's own connection. */
export function eachPiece(packed: readonly unknown[], from: number, write: Write): void {
  const last = packed.length - 2;
  for (let at = from; at <= last; at += 2) {
    const data = packed[at + 1];
    if (typeof data === 'string') write(data, packed[at] === UTF8 ? 'utf8' : 'latin1', at === last);
    else if (data instanceof Uint8Array) write(data, null, at === last);
  }
}
