import assert from 'node:assert/strict';
import type { Row } from './row.js';

const texts = ['', 'plain', '$', '__proto__', '\0\n\r\u2028"\\', '🤖', '\ud800 alone', 'x'.repeat(100_000)];
const numbers = [0, -0, 1.5, NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53];
const bigints = [0n, -1n, 2n ** 200n];
const shared = [Symbol.iterator, Symbol.asyncIterator, Symbol.hasInstance, Symbol.for(''), Symbol.for('dynobot.test'), Symbol.for('Symbol.iterator')];

function same(expected: unknown): Pick<Row, 'make' | 'check'> {
  return { make: () => expected, check: (arrived) => assert.deepStrictEqual(arrived, expected) };
}

export const primitives: readonly Row[] = [
  { kind: '`undefined`, `null`', how: 'copied', kept: 'which of the two; also as the value of a property and as an element', ...same([undefined, null, { a: undefined, b: null }]) },
  { kind: '`undefined` alone', how: 'copied', kept: 'that it is one', ...same(undefined) },
  { kind: 'boolean', how: 'copied', kept: 'all', ...same([true, false]) },
  { kind: 'string', how: 'copied', kept: 'all, lone surrogates too', ...same(texts) },
  { kind: 'number', how: 'copied', kept: 'all: `NaN`, `±Infinity`, `-0`', ...same(numbers) },
  { kind: 'bigint', how: 'copied', kept: 'all', ...same(bigints) },
  { kind: 'well-known symbol, `Symbol.for(key)`', how: 'copied', kept: 'identity', ...same(shared) },
];
