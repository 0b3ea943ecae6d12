import { limitError } from '../errors.js';
import type { Kinds } from '../values/kinds.js';
import { Packer } from '../values/packer.js';
import { Uncrossable } from '../values/path.js';
import type { ReferenceReceiver, ReferenceSender } from '../values/references.js';
import { Unpacker } from '../values/unpacker.js';
import type { Packed } from '../wire.js';

/** What a state is made of: data, which outlives the process that has made it. */
export interface StateCodec {
  readonly kinds: Kinds;
  readonly depth: number;
  /** Longest, in bytes. */
  readonly most: number;
}

const refuse = (): never => {
  throw new Uncrossable('a state is copied, and this would be a reference to the process that goes');
};

/** Nothing crosses by reference: it would refer to a process that goes. */
const noReferences: ReferenceSender & ReferenceReceiver = {
  most: 0,
  refers: () => false,
  partsOf: (_value, parts) => parts,
  send: refuse, note: refuse, hasNoted: refuse, sendReceiver: refuse, function: refuse, instance: refuse, symbol: refuse, home: refuse, standIn: (make) => make(),
};

const HEADER = 4;

/**
 * A state as bytes, which the host keeps and passes on without looking into them: the length of its text, the text, and
 * the binary data that the text refers to.
 *
 * @throws DynobotError ERR_DYNOBOT_UNCLONABLE with the path to what is no data, ERR_DYNOBOT_LIMIT
 */
export function encodeState(state: unknown, { kinds, depth, most }: StateCodec): Uint8Array {
  const packer = new Packer(kinds, noReferences, depth);
  const packed = packState(packer, state);
  const lengths = packer.attachments.map(({ byteLength }) => byteLength);
  const text = new TextEncoder().encode(JSON.stringify([packed, packer.escapes, lengths]));
  const size = lengths.reduce((sum, length) => sum + length, HEADER + text.byteLength);
  if (size > most) throw limitError('FRAME', `a state of ${size} bytes is too long for one message (limits.frame is ${most})`);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, text.byteLength);
  bytes.set(text, HEADER);
  let at = HEADER + text.byteLength;
  for (const attachment of packer.attachments) {
    bytes.set(attachment, at);
    at += attachment.byteLength;
  }
  return bytes;
}

function packState(packer: Packer, state: unknown): Packed {
  try {
    return packer.pack(state);
  } catch (error) {
    throw Uncrossable.report(error, 'state');
  }
}

/** @throws what JSON.parse or a kind throws for bytes that no honest process has made */
export function decodeState(bytes: Uint8Array, { kinds, depth }: StateCodec): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const text = new TextDecoder().decode(bytes.subarray(HEADER, HEADER + length));
  const [packed, escapes, lengths] = JSON.parse(text) as [Packed, number, number[]];
  if (escapes === 0) return packed;
  let at = HEADER + length;
  const attachments = lengths.map((size) => bytes.slice(at, (at += size)));
  return new Unpacker(kinds, noReferences, depth, Infinity).value(packed, attachments);
}
