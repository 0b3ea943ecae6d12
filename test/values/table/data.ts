import assert from 'node:assert/strict';
import vm from 'node:vm';
import { byCopy } from '../../../src/index.js';
import type { Row } from './row.js';

/** A row whose value arrives deeply equal, with the same prototypes. */
function equal(make: () => unknown): Pick<Row, 'make' | 'check'> {
  return { make, check: (arrived) => assert.deepStrictEqual(arrived, make()) };
}

const tag = Symbol.for('dynobot.test.tag');

function plainObjects(): unknown {
  const accessor = { get half() { return 21; }, list: [new Date(3)] };
  return { a: 1, nested: { b: [2, { c: '$' }], $: ['$', 'n', 'NaN'] }, 'odd key': {}, '': 0, 1: 'one', then: 5, toJSON: 6, constructor: 7, accessor };
}

class Point {
  constructor(readonly x: number, readonly y: Date) {}
  get length(): number { return this.x; }
}

interface Knot {
  self: unknown;
  map: Map<unknown, unknown>;
  set: Set<unknown>;
  list: unknown[];
  error: Error;
  shared: [Date, Date];
}

function knot(): Knot {
  const date = new Date(5);
  const made: Knot = { self: undefined, map: new Map(), set: new Set(), list: [], error: new Error('in a knot'), shared: [date, date] };
  made.self = made;
  made.map.set(made.map, made);
  made.set.add(made.set);
  made.list.push(made.list, made.set, ...Array.from({ length: 20 }, (_, i) => ({ i })), made.map);
  made.error.cause = made;
  return made;
}

function checkKnot(arrived: unknown): void {
  const { self, map, set, list, error, shared } = arrived as Knot;
  assert.equal(self, arrived);
  assert.equal(map.get(map), arrived);
  assert.ok(set.has(set));
  assert.deepEqual([list[0] === list, list[1] === set, list.at(-1) === map], [true, true, true]);
  assert.equal(error.cause, arrived);
  assert.equal(shared[0], shared[1]);
}

function holes(): unknown[] {
  // eslint-disable-next-line no-sparse-arrays -- holes are what it is about
  return [[, 1, , undefined], new Array(5), Object.assign([1, 2], { extra: 'x', [-1]: 'y' })];
}

export const data: readonly Row[] = [
  {
    kind: 'plain object', how: 'copied', kept: 'own enumerable properties, in order, whatever their names; accessors as the value that they had',
    lost: 'accessors themselves, non-enumerable properties, being frozen', ...equal(plainObjects),
    check: (arrived) => assert.equal(JSON.stringify(arrived), JSON.stringify(plainObjects())),
  },
  {
    kind: 'object with the prototype `null`', how: 'copied', kept: 'the prototype too',
    ...equal(() => Object.assign(Object.create(null) as object, { a: 1, nested: Object.create(null) as object })),
  },
  { kind: 'property whose key is a symbol', how: 'copied', kept: 'as any property', ...equal(() => ({ [tag]: { deep: [tag] }, [Symbol.toStringTag]: 'Tagged' })) },
  {
    kind: 'own property `__proto__`', how: 'copied', kept: 'as an own property; the prototype is not touched',
    make: () => [JSON.parse('{"__proto__": {"polluted": 1}, "a": [1]}') as unknown, JSON.parse('{"__proto__": {"at": {}}}') as unknown],
    check: (arrived) => {
      for (const object of arrived as object[]) {
        assert.ok(Object.hasOwn(object, '__proto__'));
        assert.equal(Object.getPrototypeOf(object), Object.prototype);
      }
    },
  },
  { kind: 'array', how: 'copied', kept: 'all: holes, further properties', ...equal(() => [[], [[]], ['$'], ['$', 'n', 'NaN'], ...holes()]) },
  {
    kind: 'cycles and shared parts', how: 'copied', kept: 'what was one object in a message is one object after it', lost: 'between two messages: each makes a copy of its own',
    make: knot, check: checkKnot,
  },
  {
    kind: '`Date`', how: 'copied', kept: 'the time, an invalid one too', lost: 'own properties',
    make: () => [new Date(0), new Date(NaN), new Date(8.64e15)],
    check: (arrived) => assert.deepEqual((arrived as Date[]).map((date) => [date instanceof Date, date.getTime()]), [[true, 0], [true, NaN], [true, 8.64e15]]),
  },
  {
    kind: '`RegExp`', how: 'copied', kept: 'source, flags, `lastIndex`', lost: 'own properties',
    ...equal(() => [/a\/b[\n]/giu, Object.assign(/x/g, { lastIndex: 3 }), new RegExp('')]),
  },
  { kind: '`Map`', how: 'copied', kept: 'order; keys of every kind', lost: 'own properties', ...equal(() => new Map<unknown, unknown>([[{ a: 1 }, new Map([[NaN, -1]])], ['k', undefined]])) },
  { kind: '`Set`', how: 'copied', kept: 'order', lost: 'own properties', ...equal(() => new Set<unknown>([1, 'a', { b: new Set([NaN]) }])) },
  { kind: '`ArrayBuffer`', how: 'copied', kept: 'the bytes', lost: 'being resizable', ...equal(() => [new Uint8Array([1, 0, 255]).buffer, new ArrayBuffer(0)]) },
  {
    kind: 'typed array, `DataView`', how: 'copied', kept: 'class and elements', lost: 'the buffer around a part of one; two views of one buffer get one each',
    ...equal(() => [
      new Uint8Array([1, 2]), new Int8Array([-1]), new Uint8ClampedArray([300]), new Int16Array([-300]), new Uint16Array(3), new Int32Array([1]), new Uint32Array([2 ** 31]),
      new Float32Array([0.5]), new Float64Array([NaN, -0]), new BigInt64Array([-1n]), new BigUint64Array([2n ** 63n]),
      new DataView(new Uint8Array([9, 8, 7, 6]).buffer, 1, 2), new Float64Array([1, 2, 3]).subarray(1, 2), new Uint8Array(0),
    ]),
  },
  { kind: '`Buffer`', how: 'copied', kept: 'the bytes', ...equal(() => [Buffer.from('höme'), Buffer.alloc(0), Buffer.alloc(200_000, 7), Buffer.from('abcdef').subarray(2, 4)]) },
  {
    kind: '`URL`, `URLSearchParams`', how: 'copied', kept: 'all', lost: 'the link from a URL to its `searchParams`',
    make: () => [new URL('http://u:p@[::1]:81/a?b=c#d'), new URLSearchParams('a=1&a=2&b=%20')],
    check: (arrived) => {
      const [url, query] = arrived as [URL, URLSearchParams];
      assert.ok(url instanceof URL && query instanceof URLSearchParams);
      assert.deepEqual([url.href, [...query]], ['http://u:p@[::1]:81/a?b=c#d', [['a', '1'], ['a', '2'], ['b', ' ']]]);
    },
  },
  { kind: '`new String()`, `new Number()`, `new Boolean()`', how: 'copied', kept: 'being boxed', ...equal(() => [Object('x'), Object(-0), Object(false)]) },
  {
    kind: '`Event`', how: 'copied', kept: '`type`, flags, own properties, `detail`, `data` and the like; `target` as a reference', lost: 'its class (it is an `Event`), `preventDefault` for the other side',
    make: () => Object.assign(new Event('news', { cancelable: true }), { headline: ['x'] }),
    check: (arrived) => {
      assert.ok(arrived instanceof Event);
      const { type, cancelable, headline } = arrived as Event & { headline: unknown };
      assert.deepEqual({ type, cancelable, headline }, { type: 'news', cancelable: true, headline: ['x'] });
    },
  },
  {
    kind: 'instance marked with `byCopy`', how: 'copied', kept: 'own enumerable properties', lost: 'its class',
    make: () => byCopy(new Point(1, new Date(2))), check: (arrived) => assert.deepStrictEqual(arrived, { x: 1, y: new Date(2) }),
  },
  {
    kind: 'data of another realm (`vm`)', how: 'copied', kept: 'as data of this one', lost: 'its realm',
    make: () => vm.runInNewContext('({ a: [1, { b: null }] })') as unknown,
    check: (arrived) => assert.deepStrictEqual(arrived, { a: [1, { b: null }] }),
  },
];
