import { describe, expect, it } from 'vitest';
import { decodeCompact } from '../../src/compact/decoder.js';
import { encodeCompact } from '../../src/compact/encoder.js';
import { isLarge } from '../../src/compact/large.js';
import { LIMITS } from '../../src/limits.js';
import type { Packed } from '../../src/wire.js';
import { Random } from '../support/random.js';

const encode = (packed: Packed): Uint8Array => encodeCompact(packed, Infinity)!;
const decode = (bytes: Uint8Array): Packed => decodeCompact(bytes, LIMITS);

const VALUES: [string, Packed][] = [
  ['null', null],
  ['booleans', [true, false]],
  ['integers at the edges of their codes', [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, -1, -128, 1 - 2 ** 31, -(2 ** 31), 2 ** 53, -(2 ** 53)]],
  ['other numbers', [0.1, -0.5, 1e300, 5e-324, -1e-7, 1.7e12]],
  ['strings at the edges of their codes', ['', 'x', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(127), 'x'.repeat(128), 'x'.repeat(100_000)]],
  ['strings of many scripts', ['å', '日本', '🤖', 'a\u0000b', '\ufeffbom', 'ÿ'.repeat(3000)]],
  ['halves of surrogate pairs', ['\ud83e', '\udd16', 'x\ud83ey', `${'z'.repeat(2040)}\ud83e`]],
  ['arrays at the edges of their codes', [[], Array<number>(15).fill(1), Array<number>(16).fill(1), Array<number>(1000).fill(1)]],
  ['objects', [{}, { a: 1 }, { a: 2 }, { b: 1, a: 2 }, { a: 2, b: 1 }, { '': 1 }, { 7: 1, x: 2 }]],
  ['names that objects have', [{ constructor: 1, toString: 2, hasOwnProperty: 3, then: 4 }]],
  ['escapes', [['$'], ['$', 'n', 'NaN'], ['$', 'Map', [[1, 2]]]]],
  ['more sets of names than have a code of their own', Array.from({ length: 300 }, (_, n) => ({ [`k${n}`]: n, z: { [`k${n}`]: 1 } }))],
  ['many sets of names that begin with the same one', Array.from({ length: 100 }, (_, n) => ({ first: n, [`k${n % 40}`]: n }))],
];

/** Some value, as packers make them. */
function some(random: Random, depth: number): Packed {
  const kinds = depth === 0 ? 5 : 7;
  switch (random.integer(0, kinds - 1)) {
    case 0: return null;
    case 1: return random.chance(0.5);
    case 2: return random.integer(0, 999) - 500;
    case 3: return random.integer(0, 999_999) / 7;
    case 4: return 'aé🤖\ud83e'.repeat(random.integer(0, 39)).slice(random.integer(0, 2));
    case 5: return Array.from({ length: random.integer(0, 19) }, () => some(random, depth - 1));
    default: return Object.fromEntries(Array.from({ length: random.integer(0, 5) }, () => [`k${random.integer(0, 8)}`, some(random, depth - 1)]));
  }
}

describe('compact data', () => {
  it.each(VALUES)('comes out as it went in: %s', (_what, packed) => {
    expect(decode(encode(packed))).toEqual(packed);
    expect(JSON.stringify(decode(encode(packed)))).toBe(JSON.stringify(packed));
  });

  it('comes out as it went in, whatever it is', () => {
    const random = new Random(7);
    for (let n = 0; n < 500; n++) {
      const packed = some(random, 5);
      expect(JSON.stringify(decode(encode(packed)))).toBe(JSON.stringify(packed));
    }
  });

  it('is smaller than JSON for like objects', () => {
    const users = Array.from({ length: 500 }, (_, id) => ({ nick: `user${id}`, hostname: `host-${id}.example.org`, away: id % 3 === 0 }));
    expect(encode(users).byteLength).toBeLessThan(JSON.stringify(users).length / 2);
  });

  it('is refused where it holds more than is allowed', () => {
    expect(encodeCompact([1, [2, 3], { a: 4 }], 6)).toBeInstanceOf(Uint8Array);
    expect(encodeCompact([1, [2, 3], { a: 4 }], 5)).toBeUndefined();
    const bytes = encode([1, [2, 3], { a: [[4]] }]);
    expect(() => decodeCompact(bytes, { depth: 10, elements: 7 })).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_LIMIT_ELEMENTS' }));
    expect(decodeCompact(bytes, { depth: 3, elements: 8 })).toEqual([1, [2, 3], { a: [[4]] }]);
    expect(() => decodeCompact(bytes, { depth: 2, elements: 8 })).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_LIMIT_DEPTH' }));
  });

  it('begins at some hundred values', () => {
    expect(isLarge(Array<number>(100).fill(1))).toBe(false);
    expect(isLarge([{ in: Array<number>(300).fill(1) }])).toBe(true);
    expect(isLarge('x'.repeat(1_000_000))).toBe(false);
  });
});

describe('broken compact data', () => {
  const whole = encode([{ name: 'x'.repeat(40), n: [1, 2.5, -3] }, { name: '', n: [] }, 'é', null, true]);
  const broken = expect.objectContaining({ kind: 'protocol' });

  it('is an error wherever it is cut', () => {
    for (let length = 0; length < whole.length; length++) expect(() => decode(whole.slice(0, length))).toThrow(broken);
  });

  it('is an error, or some value, whatever byte is changed; and harms nothing', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const byte of [0, 9, 10, 31, 63, 127, 128, 255]) {
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        try {
          decode(changed);
        } catch (error) {
          expect(error).toMatchObject({ name: 'DynobotError' });
        }
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('is an error with a name that is not a property', () => {
    const bytes = encode([{ xxproto__: 1 }]);
    const at = Buffer.from(bytes).indexOf('xxproto__');
    bytes.set(Buffer.from('__proto__'), at);
    expect(() => decode(bytes)).toThrow(broken);
  });

  it('reserves nothing for lengths that cannot be true', () => {
    expect(() => decode(Uint8Array.from([6, 0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff, 0x7f]))).toThrow(broken);
    expect(() => decode(Uint8Array.from([6, 0, 0, 0, 9, 0xff, 0xff, 0xff, 0xff, 0x7f]))).toThrow(broken);
  });
});
