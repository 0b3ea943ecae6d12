/**
 * Frames on a stream of bytes. Text: its UTF-8, then `\n`; it holds no raw newline and does not begin with a zero byte,
 * as JSON never does. Bytes: 0x00, their length (4 bytes, little-endian), themselves.
 */
import { limitError, type DynobotError } from '../errors.js';
import { Gathering } from './gathering.js';
import type { Frame } from './transport.js';

const NEWLINE = 0x0a;
const BINARY = 0x00;
const HEADER_BYTES = 5;

/** What one frame may take on the wire unless the user says otherwise. Must stay below V8's longest string, 512 MiB. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

const encoder = new TextEncoder();
// Not `fatal`: a peer's broken UTF-8 becomes U+FFFD, and then broken JSON, which the session deals with.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What goes before the bytes of a binary frame. */
export function binaryHeader(length: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header[0] = BINARY;
  new DataView(header.buffer).setUint32(1, length, true);
  return header;
}

/** One frame as it goes on the wire. For big frames on a real stream, write the parts one after the other instead. */
export function encodeFrame(frame: Frame): Uint8Array {
  if (typeof frame === 'string') return encoder.encode(`${frame}\n`);
  const encoded = new Uint8Array(HEADER_BYTES + frame.length);
  encoded.set(binaryHeader(frame.length));
  encoded.set(frame, HEADER_BYTES);
  return encoded;
}

export interface FrameSink {
  frame(frame: Frame): void;
  /** The stream cannot be understood any further. Told once; nothing follows. */
  failed(error: DynobotError): void;
}

/**
 * Frames out of chunks that may be cut anywhere. Each binary frame is a new array that shares its memory with nothing,
 * so that the receiver can keep or transfer it; text is decoded where it lies.
 */
export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #maxBytes: number;
  readonly #text = new Gathering();
  #headerBytes = 0;
  #announced = 0;
  #bytes: Uint8Array | undefined;
  #filled = 0;
  #failed = false;

  constructor(sink: FrameSink, maxBytes = MAX_FRAME_BYTES) {
    this.#sink = sink;
    this.#maxBytes = maxBytes;
  }

  /** Whether a frame has begun and not ended. */
  get partial(): boolean {
    return this.#text.length > 0 || this.#headerBytes > 0 || this.#bytes !== undefined;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.#failed) at = this.#read(chunk, at);
  }

  /** Reads on at `at`, and says where it stopped. */
  #read(chunk: Uint8Array, at: number): number {
    if (this.#bytes !== undefined) return this.#readBytes(this.#bytes, chunk, at);
    if (this.#headerBytes > 0) return this.#readHeader(chunk, at);
    if (this.#text.length === 0 && chunk[at] === BINARY) return this.#readHeader(chunk, at);
    return this.#readText(chunk, at);
  }

  #readText(chunk: Uint8Array, at: number): number {
    // Node hands out Buffers here, whose own indexOf is some twenty times faster than that of a plain array.
    const newline = chunk.indexOf(NEWLINE, at);
    const end = newline === -1 ? chunk.length : newline;
    const piece = chunk.subarray(at, end);
    if (!this.#allows(this.#text.length + piece.length)) return end;
    if (newline === -1) {
      this.#text.add(piece);
      return end;
    }
    this.#sink.frame(decoder.decode(this.#wholeText(piece)));
    return end + 1;
  }

  #wholeText(last: Uint8Array): Uint8Array {
    if (this.#text.length === 0) return last;
    this.#text.add(last);
    return this.#text.take();
  }

  #readHeader(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (this.#headerBytes > 0) this.#announced += byte * 256 ** (this.#headerBytes - 1);
    this.#headerBytes += 1;
    if (this.#headerBytes === HEADER_BYTES) this.#beginBytes();
    return at + 1;
  }

  #beginBytes(): void {
    const length = this.#announced;
    this.#headerBytes = 0;
    this.#announced = 0;
    // Nothing is allocated on the word of a header that claims more than the limit.
    if (!this.#allows(length)) return;
    const bytes = new Uint8Array(length);
    if (length === 0) return this.#sink.frame(bytes);
    this.#bytes = bytes;
    this.#filled = 0;
  }

  #readBytes(bytes: Uint8Array, chunk: Uint8Array, at: number): number {
    const piece = chunk.subarray(at, at + bytes.length - this.#filled);
    bytes.set(piece, this.#filled);
    this.#filled += piece.length;
    if (this.#filled === bytes.length) {
      this.#bytes = undefined;
      this.#sink.frame(bytes);
    }
    return at + piece.length;
  }

  #allows(length: number): boolean {
    if (length <= this.#maxBytes) return true;
    this.#failed = true;
    const message = `The peer sends a frame of ${length} bytes or more; the limit is ${this.#maxBytes} (maxFrameBytes).`;
    this.#sink.failed(limitError('FRAME', message));
    return false;
  }
}
