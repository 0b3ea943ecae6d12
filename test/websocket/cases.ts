import { deflateRawSync } from 'node:zlib';
import { closing, frame, OPCODE, type FrameOptions } from './frames.js';

/** What a client does on a connection that has just been made. */
export type Step =
  /** Writes these bytes at once. */
  | { write: Buffer }
  /** Writes these bytes one by one. */
  | { chop: Buffer }
  /** Waits until so many frames have come, in all. */
  | { frames: number }
  /** Ends the TCP connection, politely or not. */
  | { leave: 'end' | 'reset' };

export interface Case {
  name: string;
  server: 'plain' | 'deflate' | 'fresh' | 'limited';
  steps: Step[];
}

const { text, binary, continuation, close, ping, pong } = OPCODE;
const write = (...frames: Buffer[]): Step => ({ write: Buffer.concat(frames) });
const frames = (count: number): Step => ({ frames: count });
const NORMAL = write(frame(close, closing(1000)));

/** Each of these waits for its replies before it goes on: only so do all servers answer in the same order. */
const plain = (name: string, ...steps: Step[]): Case => ({ name, server: 'plain', steps });
const echoed = (name: string, ...sent: Buffer[]): Case => plain(name, write(...sent), frames(1), NORMAL);
const refused = (name: string, ...sent: Buffer[]): Case => plain(name, write(...sent));

const LENGTHS = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537, 1_048_576];
const UTF8 = ['κόσμε', '\u{10ffff}', '\u0000', '😀'.repeat(100), 'Hello-µ@ßöäüàá-UTF-8!!'];
const NOT_UTF8 = ['c3', 'ff', 'cebae1bdb9cf83cebcceb5eda080656469746564', 'f4908080', 'c080', 'e080af', 'f0808080', 'fe', '80', 'f8888080'];
const GOOD_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
const BAD_CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

const framing: Case[] = LENGTHS.flatMap((length) => [
  echoed(`text of ${length}`, frame(text, Buffer.alloc(length, '*'))),
  echoed(`binary of ${length}`, frame(binary, Buffer.alloc(length, 0xfe))),
]);
framing.push(
  plain('text, byte by byte', { chop: frame(text, 'byte by byte') }, frames(1), NORMAL),
  plain('binary of 300, byte by byte', { chop: frame(binary, Buffer.alloc(300, 7)) }, frames(1), NORMAL),
  plain('100 messages at once', write(...Array.from({ length: 100 }, (_, i) => frame(text, `message ${i}`))), frames(100), NORMAL),
  refused('a frame that is not masked', frame(text, 'naked', { masked: false })),
  refused('a length beyond 2^53', Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0])),
);

const pings: Case[] = [
  ...[0, 1, 125].map((length) => echoed(`ping of ${length}`, frame(ping, Buffer.alloc(length, 'p')))),
  plain('10 pings', write(...Array.from({ length: 10 }, (_, i) => frame(ping, `ping ${i}`))), frames(10), NORMAL),
  plain('a ping, byte by byte', { chop: frame(ping, 'chopped') }, frames(1), NORMAL),
  echoed('pongs that nobody asked for', frame(pong, 'why'), frame(pong), frame(text, 'and a text')),
  refused('ping of 126', frame(ping, Buffer.alloc(126))),
  refused('pong of 126', frame(pong, Buffer.alloc(126))),
];

const reserved: Case[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((rsv) => refused(`reserved bits ${rsv}`, frame(text, 'x', { rsv }))),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => refused(`opcode ${opcode}`, frame(opcode, 'x'))),
  plain('reserved bits after a good message', write(frame(text, 'good')), frames(1), write(frame(text, 'bad', { rsv: 2 }))),
];

const part = (opcode: number, payload: Buffer | string, options: FrameOptions = {}): Buffer => frame(opcode, payload, { fin: false, ...options });
const fragments: Case[] = [
  echoed('two fragments', part(text, 'one '), frame(continuation, 'two')),
  echoed('binary fragments', part(binary, 'one '), part(continuation, Buffer.alloc(70_000)), frame(continuation, 'two')),
  echoed('empty fragments', part(text, ''), part(continuation, ''), frame(continuation, '')),
  echoed('1,000 fragments', part(text, 'a'), ...Array.from({ length: 998 }, () => part(continuation, 'b')), frame(continuation, 'c')),
  plain('a ping between fragments', write(part(text, 'one '), frame(ping, 'between'), frame(continuation, 'two')), frames(2), NORMAL),
  plain('fragments, byte by byte', { chop: Buffer.concat([part(text, 'one '), frame(continuation, 'two')]) }, frames(1), NORMAL),
  refused('a fragmented ping', part(ping, 'half'), frame(continuation, 'half')),
  refused('a fragmented close', part(close, closing(1000))),
  refused('a continuation of nothing', frame(continuation, 'of nothing')),
  refused('an unfinished continuation of nothing', part(continuation, 'of nothing')),
  refused('a message within a message', part(text, 'one'), frame(text, 'two')),
  plain('a continuation after the end', write(part(text, 'one'), frame(continuation, 'two')), frames(1), write(frame(continuation, 'three'))),
];

const unicode: Case[] = [
  ...UTF8.map((string, i) => echoed(`UTF-8 ${i}`, frame(text, string))),
  ...UTF8.map((string, i) => echoed(`UTF-8 ${i}, split in the middle of characters`, ...split(Buffer.from(string)))),
  ...NOT_UTF8.map((hex) => refused(`not UTF-8: ${hex}`, frame(text, Buffer.from(hex, 'hex')))),
  ...NOT_UTF8.slice(0, 3).map((hex) => refused(`not UTF-8, in fragments: ${hex}`, part(text, 'good '), frame(continuation, Buffer.from(hex, 'hex')))),
  echoed('bytes that are not UTF-8, as binary', frame(binary, Buffer.from(NOT_UTF8.join(''), 'hex'))),
];

function split(bytes: Buffer): Buffer[] {
  if (bytes.length < 2) return [part(text, bytes), frame(continuation, '')];
  return [part(text, bytes.subarray(0, 1)), frame(continuation, bytes.subarray(1))];
}

const closes: Case[] = [
  ...GOOD_CODES.map((code) => refused(`close ${code}`, frame(close, closing(code, 'a reason')))),
  ...BAD_CODES.map((code) => refused(`close ${code}, which is none`, frame(close, closing(code, 'a reason')))),
  refused('close without a code', frame(close)),
  refused('close with half a code', frame(close, Buffer.from([3]))),
  refused('close with the longest reason', frame(close, closing(1000, 'r'.repeat(123)))),
  refused('close with a reason that is too long', frame(close, closing(1000, 'r'.repeat(124)))),
  refused('close with a reason that is not UTF-8', frame(close, closing(1000, Buffer.from('ceba80', 'hex')))),
  refused('two closes', frame(close, closing(1000)), frame(close, closing(1001))),
  refused('a text after the close', frame(close, closing(1000)), frame(text, 'too late')),
  refused('a ping after the close', frame(close, closing(1000)), frame(ping)),
  plain('the client ends without a close', write(frame(text, 'one')), frames(1), { leave: 'end' }),
  plain('the client resets', write(frame(text, 'one')), frames(1), { leave: 'reset' }),
  plain('the client ends in the middle of a frame', write(frame(text, 'one')), frames(1), write(frame(text, 'half').subarray(0, 5)), { leave: 'end' }),
];

/** What the handler does when it is told to. */
const told = (what: string, replies: number, ...then: Step[]): Case => plain(`the handler does: ${what}`, write(frame(text, `do ${what}`)), frames(replies), ...then);
const handlers: Case[] = [
  told('send text', 1, NORMAL),
  told('send bytes', 1, NORMAL),
  told('send parts', 3, NORMAL),
  told('ping', 1, write(frame(pong, 'from the handler')), NORMAL),
  told('pong', 1, NORMAL),
  told('close 1000 bye', 1, write(frame(close, closing(1000, 'bye')))),
  told('close 4321 own', 1, write(frame(close, closing(4321)))),
  told('close', 1, write(frame(close))),
  told('terminate', 0),
];

const limited = (name: string, ...sent: Buffer[]): Case => ({ name: `at most 1,000 bytes: ${name}`, server: 'limited', steps: [write(...sent), ...(/^over|^many/.test(name) ? [] : [frames(1), NORMAL])] });
const limits: Case[] = [
  limited('at', frame(binary, Buffer.alloc(1000))),
  limited('over', frame(binary, Buffer.alloc(1001))),
  limited('over by its length alone', frame(binary, 'short', { length: 2 ** 40 })),
  limited('at, in parts', part(binary, Buffer.alloc(500)), frame(continuation, Buffer.alloc(500))),
  limited('over, in parts', part(binary, Buffer.alloc(500)), frame(continuation, Buffer.alloc(501))),
];

const compressed = (payload: Buffer | string): Buffer => deflateRawSync(payload, { finishFlush: 2 /* Z_SYNC_FLUSH */ }).subarray(0, -4);
const deflate = (server: 'deflate' | 'fresh' | 'limited', name: string, ...steps: Step[]): Case => ({ name: `${server}: ${name}`, server, steps });
const PAYLOADS = ['', 'x', 'hello '.repeat(50), JSON.stringify(Array.from({ length: 2000 }, (_, i) => ({ i, word: `w${i % 7}` })))];
const compression: Case[] = (['deflate', 'fresh'] as const).flatMap((server) => [
  ...PAYLOADS.map((payload) => deflate(server, `compressed text of ${payload.length}`, write(frame(text, compressed(payload), { rsv: 4 })), frames(1), NORMAL)),
  deflate(server, 'text that is not compressed', write(frame(text, 'as it is')), frames(1), NORMAL),
  deflate(server, 'compressed fragments', write(...inParts(compressed('in parts '.repeat(100)))), frames(1), NORMAL),
  deflate(server, 'the same ten times', write(...Array.from({ length: 10 }, () => frame(text, compressed('the same again and again'), { rsv: 4 }))), frames(10), NORMAL),
  deflate(server, 'a ping that says it is compressed', write(frame(ping, 'x', { rsv: 4 }))),
  deflate(server, 'a continuation that says it is compressed', write(part(text, compressed('a'), { rsv: 4 }), frame(continuation, 'b', { rsv: 4 }))),
  deflate(server, 'what cannot be inflated', write(frame(text, Buffer.from('ffffffff', 'hex'), { rsv: 4 }))),
  deflate(server, 'compressed text that is not UTF-8', write(frame(text, compressed(Buffer.from('ff', 'hex')), { rsv: 4 }))),
]);
compression.push(deflate('limited', 'a bomb', write(frame(binary, compressed(Buffer.alloc(1_000_000)), { rsv: 4 }))));

function inParts(bytes: Buffer): Buffer[] {
  const middle = bytes.length >> 1;
  return [part(text, bytes.subarray(0, middle), { rsv: 4 }), frame(continuation, bytes.subarray(middle))];
}

/** As the Autobahn test suite has them: framing, pings, reserved bits and opcodes, fragments, UTF-8, closing, limits, compression. */
export const cases: readonly Case[] = [...framing, ...pings, ...reserved, ...fragments, ...unicode, ...closes, ...handlers, ...limits, ...compression];

const CLOSE = frame(close, closing(1000));
const pair = (i: number): Buffer => Buffer.concat([frame(text, `message ${i}`), frame(ping, `ping ${i}`)]);

/**
 * What comes at once, and is answered by different hands: by ws, and by the handler. Where these are in two processes, as with
 * a hosted WebSocketServer, the handler's answers come later.
 */
export const mixed: readonly Case[] = [
  plain('at once: a text and a close', write(frame(text, 'last words'), CLOSE)),
  plain('at once: 10 texts and pings, and a close', write(...Array.from({ length: 10 }, (_, i) => pair(i)), CLOSE)),
  plain('at once: a text and a frame that is not allowed', write(frame(text, 'good'), frame(text, 'bad', { rsv: 2 }))),
  plain('at once: a text and bytes that are not UTF-8', write(frame(text, 'good'), frame(text, Buffer.from('ff', 'hex')))),
  plain('at once: a long binary and a close', write(frame(binary, Buffer.alloc(300_000, 1)), CLOSE)),
  plain('byte by byte: a text, a ping and a close', { chop: Buffer.concat([pair(0), CLOSE]) }),
  { name: 'at once: a text and one beyond the limit', server: 'limited', steps: [write(frame(text, 'good'), frame(text, 'x'.repeat(1001)))] },
  deflate('deflate', 'at once: a compressed text and a close', write(frame(text, compressed('squeezed'), { rsv: 4 }), CLOSE)),
];
