import { describe, expect, it } from 'vitest';
import { toJson } from '../../src/cli/json.js';

const circular: Record<string, unknown> = { name: 'ring' };
circular['self'] = circular;
const shared = { n: 1 };

describe('JSON of what crosses', () => {
  it.each([
    ['undefined', undefined, null],
    ['what is not a finite number', [NaN, -Infinity], ['NaN', '-Infinity']],
    ['a bigint', 12n, '12'],
    ['a symbol', Symbol.iterator, 'Symbol(Symbol.iterator)'],
    ['undefined properties', { a: undefined, b: null }, { b: null }],
    ['dates', [new Date(0), new Date(NaN)], ['1970-01-01T00:00:00.000Z', null]],
    ['URLs and patterns', [new URL('http://a/b'), /x/g], ['http://a/b', '/x/g']],
    ['maps and sets', [new Map([[{ a: 1 }, 2]]), new Set([3])], [[[{ a: 1 }, 2]], [3]]],
    ['bytes', [Buffer.from('hi'), new Uint8Array([104, 105]).buffer], ['aGk=', 'aGk=']],
    ['other typed arrays', new Float64Array([0.5, NaN]), [0.5, 'NaN']],
    ['errors', Object.assign(new TypeError('no', { cause: 1 }), { code: 'E' }), { name: 'TypeError', message: 'no', code: 'E', cause: 1 }],
    ['functions', function reply() {}, '[Function: reply]'],
    ['cycles', circular, { name: 'ring', self: '[Circular]' }],
    ['shared parts', [shared, shared], [{ n: 1 }, { n: 1 }]],
    ['a property of a dangerous name', JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
  ])('%s', (_, value, expected) => {
    expect(toJson(value)).toEqual(expected);
  });
});
