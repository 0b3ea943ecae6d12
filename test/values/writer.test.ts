import { expect, it } from 'vitest';
import { decodeCompact } from '../../src/compact/decoder.js';
import { encoding } from '../../src/compact/encoder.js';
import { LIMITS } from '../../src/limits.js';
import { builtInKinds } from '../../src/values/built-in.js';
import { Kinds } from '../../src/values/kinds.js';
import { byCopy } from '../../src/values/marks.js';
import { Packer } from '../../src/values/packer.js';
import { Writer } from '../../src/values/writer.js';
import type { Packed } from '../../src/wire.js';

const kinds = new Kinds(builtInKinds, [], []);
const references = { refers: () => false, send: (): Packed => ['$', 'F', 1], partsOf: (_value: object, parts: unknown) => parts, note: () => {}, hasNoted: () => false, sendReceiver: () => '0' };

class Point {
  constructor(readonly x: unknown, readonly y: unknown) {}
}

const shared = { shared: ['x'] };
const circle: Record<string, unknown> = { in: [{}] };
circle['in'] = [circle, shared];

const VALUES: [string, unknown][] = [
  ['what JSON has', { text: 'é', list: [1, -1, 0.5, 2 ** 40, true, false, null, []], in: { in: {} } }],
  ['what JSON lacks', [undefined, NaN, -0, Infinity, 12n, Symbol.iterator, Symbol.for('x'), () => 1]],
  ['the same again, and itself', [shared, shared, shared.shared, circle, [circle]]],
  ['arrays that look like escapes', [['$'], ['$', 'n'], [['$', [undefined]]]]],
  // eslint-disable-next-line no-sparse-arrays
  ['arrays with holes, and with properties', [[1, , 3], Object.assign([1], { index: 0 }), Object.assign([], { toJSON: 1 })]],
  ['objects that JSON would not keep', [{ [Symbol.for('x')]: shared }, JSON.parse('{"__proto__":{"a":1}}'), Object.assign(Object.create(null) as object, { shared }), { toJSON: 1 }]],
  ['kinds, with data in them', [new Map([[shared, new Set([shared])]]), new Date(1), /x/g, Buffer.from('bytes'), [new Error('x', { cause: shared })]]],
  ['instances', [byCopy(new Point(shared, { x: 1 })), new Point(1, 2)]],
  ['objects of many shapes', Array.from({ length: 200 }, (_, n) => ({ [`k${n % 70}`]: n, again: n % 3 ? shared : n }))],
];

it.each(VALUES)('writes %s as it would be packed', (_name, value) => {
  for (const isArguments of [false, true]) {
    const packer = new Packer(kinds, references, LIMITS.depth);
    const args = [value, '$', value];
    const packed = isArguments ? packer.packArguments(args) : packer.pack(value);
    const writer = new Writer(kinds, references, LIMITS.depth);
    const bytes = encoding((encoder) => {
      if (isArguments) writer.writeArguments(args, encoder);
      else writer.write(value, encoder);
      return encoder.finish(Infinity)!;
    });
    expect(decodeCompact(bytes, LIMITS)).toStrictEqual(packed);
    expect([writer.escapes, writer.attachments]).toStrictEqual([packer.escapes, packer.attachments]);
  }
});

it('is as deep as the packer', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  const written = (value: unknown): unknown => encoding((encoder) => new Writer(kinds, references, 5).write(value, encoder));
  const packed = (value: unknown): unknown => new Packer(kinds, references, 5).pack(value);
  for (const ways of [written, packed]) {
    ways(nested(6));
    expect(() => ways(nested(7))).toThrow('nested more than 5 deep');
    expect(() => ways([[[[[[undefined]]]]]])).toThrow('nested more than 5 deep');
  }
});

it('can be written while something else is', () => {
  const inner = (): number => encoding((encoder) => {
    new Writer(kinds, references, 5).write(['inner'], encoder);
    return encoder.finish(Infinity)!.length;
  });
  const outer = encoding((encoder) => {
    new Writer(kinds, references, 5).write(['before', { get length() { return inner(); } }, 'after'], encoder);
    return encoder.finish(Infinity)!;
  });
  expect(decodeCompact(outer, LIMITS)).toEqual(['before', { length: inner() }, 'after']);
});
