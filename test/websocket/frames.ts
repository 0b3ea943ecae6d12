/** Frames of RFC 6455 by hand, the wrong ones too. */
export interface FrameOptions {
  fin?: boolean;
  /** The three reserved bits: 4 is RSV1, which means "compressed" where that was agreed. */
  rsv?: number;
  masked?: boolean;
  /** A length other than that of the payload. */
  length?: number;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78]);

/** A frame as a client sends it. */
export function frame(opcode: number, payload: Buffer | string = '', { fin = true, rsv = 0, masked = true, length }: FrameOptions = {}): Buffer {
  const bytes = Buffer.from(payload as string);
  const head = Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]), lengthField(length ?? bytes.length, masked ? 0x80 : 0)]);
  return masked ? Buffer.concat([head, MASK, bytes.map((byte, i) => byte ^ MASK[i % 4]!)]) : Buffer.concat([head, bytes]);
}

function lengthField(length: number, mask: number): Buffer {
  if (length < 126) return Buffer.from([mask | length]);
  const wide = Buffer.alloc(length < 65_536 ? 3 : 9);
  if (length < 65_536) wide.writeUInt16BE(length, 1);
  else wide.writeBigUInt64BE(BigInt(length), 1);
  wide[0] = mask | (length < 65_536 ? 126 : 127);
  return wide;
}

/** The payload of a close frame. */
export function closing(code: number, reason: Buffer | string = ''): Buffer {
  const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(reason as string)]);
  payload.writeUInt16BE(code);
  return payload;
}

export interface Received {
  /** The first byte: fin, reserved bits, opcode. */
  head: number;
  payload: Buffer;
}

/** Takes whole frames of a server off the beginning of what has come; returns them and the rest. */
export function parse(bytes: Buffer): { frames: Received[]; rest: Buffer } {
  const frames: Received[] = [];
  let at = 0;
  for (;;) {
    const small = bytes[at + 1]! & 0x7f;
    const wide = small === 126 ? 2 : small === 127 ? 8 : 0;
    if (bytes.length < at + 2 + wide) break;
    const length = wide === 0 ? small : wide === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const begin = at + 2 + wide;
    if (bytes.length < begin + length) break;
    frames.push({ head: bytes[at]!, payload: bytes.subarray(begin, begin + length) });
    at = begin + length;
  }
  return { frames, rest: bytes.subarray(at) };
}
