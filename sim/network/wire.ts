import { decodeCompacts } from '../../src/compact/decoder.js';
import { ESCAPE, OPERATION, TAG, VERB, type CallMessage, type Message, type Packed, type ReleaseMessage, type SeriesMessage } from '../../src/wire.js';

/** A value that crosses by reference, as the sender writes it: its id, and what it says of itself. */
export type Mention = (id: number, token: number | undefined) => void;

/**
 * Every value of the sender's that a message refers to. Functions and symbols of a simulation bear their token as their
 * name, objects in their snapshot; the `this` of a call comes without one.
 */
export function mentions(message: Message, mention: Mention): void {
  switch (message[0]) {
    case VERB.call:
      if (message[6] > 0) walk(message[5], mention);
      if (typeof message[7] === 'number') mention(message[7], undefined);
      else walk(message[7], mention);
      return;
    case VERB.return:
    case VERB.throw:
    case VERB.fault:
      if (message[3]! > 0) walk(message[2], mention);
      return;
    case VERB.service:
      walk(message[2], mention);
  }
}

/** What a message gives back: ids, each with a number of receipts. */
export function* releasesOf([, ...runs]: ReleaseMessage): Iterable<[id: number, receipts: number]> {
  for (let i = 0; i < runs.length; i += 3) {
    const [first, count, receipts] = [runs[i]!, runs[i + 1]!, runs[i + 2]!];
    for (let id = first; id < first + count; id++) yield [id, receipts];
  }
}

/** The messages of a frame, a series as the calls that it stands for. Takes what belongs to them out of `attachments`. */
export function messagesIn(frame: string, attachments: Uint8Array[]): Message[] {
  return (JSON.parse(frame) as Message[]).flatMap((message) => {
    const taken = attachments.splice(0, attachmentsOf(message));
    return message[0] === VERB.series ? callsOf(message, taken[0]!) : [message];
  });
}

function attachmentsOf(message: Message): number {
  if (message[0] === VERB.series) return 1;
  const escapes = escapesOf(message) ?? 0;
  return escapes < 0 ? Math.max(1, -1 - escapes) : Math.max(0, escapes - 1);
}

function escapesOf(message: Message): number | undefined {
  switch (message[0]) {
    case VERB.call:
      return message[6];
    case VERB.return:
    case VERB.throw:
    case VERB.fault:
      return message[3];
    default:
      return 0;
  }
}

/** Their receiver is mentioned once. */
function callsOf([, target, operation, name, ...receiver]: SeriesMessage, bytes: Uint8Array): CallMessage[] {
  const all = decodeCompacts(bytes, { depth: Infinity, elements: Infinity });
  return all.map((args, i) => [VERB.call, 0, target, operation, name, args, 0, ...(i === 0 ? receiver : [])] as CallMessage);
}

function walk(packed: Packed | undefined, mention: Mention): void {
  if (typeof packed !== 'object' || packed === null) return;
  if (Array.isArray(packed) && packed[0] === ESCAPE) return escape(packed, mention);
  for (const part of Object.values(packed)) walk(part as Packed, mention);
}

function escape(parts: Packed[], mention: Mention): void {
  const [, tag, id, shape, more] = parts;
  if (tag === TAG.function) return mention(id as number, tokenOf(more));
  if (tag === TAG.symbol) return mention(id as number, tokenOf(shape));
  if (tag === TAG.instance) return mention(id as number, more === undefined ? undefined : (more as { token?: number }).token ?? 0);
  if (tag === TAG.again) return;
  for (let i = 2; i < parts.length; i++) walk(parts[i], mention);
}

/** `f12` and `s12` are of the simulation; other names are of what works behind stand-ins. */
function tokenOf(name: Packed | undefined): number {
  return typeof name === 'string' && /^[fs]\d+$/.test(name) ? Number(name.slice(1)) : 0;
}

/** The arguments of a call, as far as they are plain. Those of an event are what it carries. */
export function argumentsOf(message: CallMessage): readonly Packed[] {
  const args = Array.isArray(message[5]) ? message[5] : [];
  return detailOf(args[0]) ?? args;
}

function detailOf(packed: Packed | undefined): Packed[] | undefined {
  if (!Array.isArray(packed) || packed[0] !== ESCAPE || packed[1] !== 'Event') return undefined;
  return (packed[3] as unknown as [target: Packed, properties: { detail: Packed[] }])[1].detail;
}

/** The call by which the stand-in of a promise waits for the outcome: no code of the simulation's makes it. */
export function isOfStandIn(message: CallMessage): boolean {
  return message[3] === OPERATION.method && message[4] === 'settled' && message[1] !== 0;
}
