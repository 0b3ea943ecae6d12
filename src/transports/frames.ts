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
}

/**
 * Frames out of chunks that may be cut anywhere. Each binary frame is a new array that shares its memory with nothing,
 * so that the receiver can keep or transfer it; text is decoded where it lies.
 */
export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #maxBytes: number;
  /** Text that began in an earlier chunk: there once there was some. */
  #text: Gathering | undefined;
  #headerBytes = 0;
  #announced = 0;
  #bytes: Uint8Array | undefined;
  #filled = 0;
  #failed = false;

  /** `fail`: the stream cannot be understood any further. Told once; nothing follows. */
  constructor(
    sink: FrameSink,
    private readonly fail: (error: DynobotError) => void,
    maxBytes = MAX_FRAME_BYTES,
  ) {
    this.#sink = sink;
    this.#maxBytes = maxBytes;
  }

  /** Whether a frame has begun and not ended. */
  get partial(): boolean {
    return this.#gathered > 0 || this.#headerBytes > 0 || this.#bytes !== undefined;
  }

  get #gathered(): number {
    return this.#text === undefined ? 0 : this.#text.length;
  }

  /** Returns what was not looked at, because it was past `until`, as `performance.now()` tells it, between two frames. */
  push(chunk: Uint8Array, until = Infinity): Uint8Array | undefined {
    // As a Buffer, whose own methods are many times faster than those of a plain array.
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length && !this.#failed) {
      at = this.#read(bytes, at);
      if (at < bytes.length && !this.partial && performance.now() >= until) return bytes.subarray(at);
    }
    return undefined;
  }

  /** Reads on at `at`, and says where it stopped. */
  #read(chunk: Buffer, at: number): number {
    if (this.#bytes !== undefined) return this.#readBytes(this.#bytes, chunk, at);
    if (this.#headerBytes > 0) return this.#readHeader(chunk, at);
    if (chunk[at] === BINARY && this.#gathered === 0) return this.#readHeader(chunk, at);
    return this.#readText(chunk, at);
  }

  /** Broken UTF-8 becomes U+FFFD, and then broken JSON, which the session deals with. */
  #readText(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(NEWLINE, at);
    const end = newline === -1 ? chunk.length : newline;
    const gathered = this.#gathered;
    if (!this.#allows(gathered + end - at)) return end;
    if (newline !== -1 && gathered === 0) {
      this.#sink.frame(chunk.toString('utf8', at, end));
      return end + 1;
    }
    const text = (this.#text ??= new Gathering());
    text.add(chunk.subarray(at, end));
    if (newline === -1) return end;
    this.#sink.frame(text.take().toString('utf8'));
    return end + 1;
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
    // All of it is written before anybody sees it. Not from Node's pool, since it is the receiver's to keep or transfer.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
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
    const message = `The peer sends a frame of ${length} bytes or more; the limit is ${this.#maxBytes} (limits.frame).`;
    this.fail(limitError('FRAME', message));
    return false;
  }
}
