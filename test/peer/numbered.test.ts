import { expect, test } from 'vitest';
import { Numbered } from '../../src/peer/numbered.js';

test('what was set is there until it is deleted, in order', () => {
  const numbered = new Numbered<{ n: number }>();
  for (let n = 1; n <= 1000; n++) numbered.set(n, { n });
  for (let n = 1; n <= 1000; n += 3) expect(numbered.delete(n)).toBe(true);
  expect(numbered.delete(1)).toBe(false);
  expect(numbered.size).toBe(666);
  expect([...numbered.values()].map(({ n }) => n).slice(0, 4)).toEqual([2, 3, 5, 6]);
  expect(numbered.get(2)).toEqual({ n: 2 });
  expect(numbered.get(4)).toBeUndefined();
  numbered.clear();
  expect([numbered.size, numbered.get(2), [...numbered.values()]]).toEqual([0, undefined, []]);
});

test('one value in the place of another is still one', () => {
  const numbered = new Numbered<object>();
  const second = {};
  numbered.set(7, {});
  numbered.set(7, second);
  expect([numbered.size, numbered.get(7)]).toEqual([1, second]);
});

test('what was asked for last is what is there now', () => {
  const numbered = new Numbered<{ n: number }>();
  numbered.set(1, { n: 1 });
  numbered.set(2, { n: 2 });
  expect([numbered.get(1), numbered.get(1), numbered.get(2), numbered.get(1)]).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }, { n: 1 }]);
  numbered.set(1, { n: 3 });
  expect(numbered.get(1)).toEqual({ n: 3 });
  numbered.delete(1);
  expect(numbered.get(1)).toBeUndefined();
  expect(numbered.get(2)).toEqual({ n: 2 });
  numbered.clear();
  expect(numbered.get(2)).toBeUndefined();
});

test('numbers may be large and far apart', () => {
  const numbered = new Numbered<object>();
  const value = {};
  for (const number of [2 ** 31, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER]) numbered.set(number, value);
  expect(numbered.size).toBe(3);
  expect(numbered.get(2 ** 40 + 1)).toBe(value);
  expect(numbered.get(2 ** 40)).toBeUndefined();
});

test.each([-1, 1.5, NaN, Infinity, '1', 'length', '__proto__', null, {}, undefined])('nothing is numbered %s', (number) => {
  const numbered = new Numbered<object>();
  numbered.set(1, {});
  expect(numbered.get(number as number)).toBeUndefined();
  expect(numbered.delete(number as number)).toBe(false);
});
