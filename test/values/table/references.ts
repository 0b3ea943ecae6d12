import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { byReference, isProxy, snapshot } from '../../../src/index.js';
import type { Row } from './row.js';

class Account extends EventEmitter {
  readonly owner = 'ann';
  #balance = 10;
  get balance(): number { return this.#balance; }
  set balance(value: number) { this.#balance = value; }
  async add(amount: number): Promise<number> { return (this.#balance += amount); }
  self(): this { return this; }
  *[Symbol.iterator](): Generator<number> { yield* [1, 2]; }
}

/** What a proxy of an `Account` can do. */
interface RemoteAccount extends AsyncIterable<number> {
  owner: Promise<string>;
  balance: Promise<number>;
  add(amount: number): Promise<number>;
  self(): Promise<unknown>;
}

async function checkAccount(arrived: unknown): Promise<void> {
  const account = arrived as RemoteAccount;
  assert.ok(isProxy(account) && arrived instanceof EventEmitter);
  assert.equal(account.constructor.name, 'Account');
  assert.deepEqual(snapshot(account), { owner: 'ann' });
  assert.deepEqual([await account.owner, await account.balance], ['ann', 10]);
  Reflect.set(account, 'balance', 20);
  assert.equal(await account.add(1), 21);
  assert.equal(await account.self(), account);
  const values: number[] = [];
  for await (const value of account) values.push(value);
  assert.deepEqual(values, [1, 2]);
}

function counter(): { n: number; next(): number } {
  return { n: 1, next() { return ++this.n; } };
}

export const references: readonly Row[] = [
  {
    kind: 'function', how: 'referenced', kept: 'identity, `name`, `length`, `this` if that is a reference or the object it was found in', lost: 'it returns a promise; own properties that are not functions are asked for',
    make: () => function twice(this: unknown, n: number, _more?: string) { return n * 2; },
    check: async (arrived) => {
      const twice = arrived as (n: number) => Promise<number>;
      assert.ok(isProxy(twice) && typeof twice === 'function');
      assert.deepEqual([twice.name, twice.length], ['twice', 2]);
      assert.equal(await twice(4), 8);
      assert.equal(await twice.call(undefined, 5), 10);
    },
  },
  {
    kind: 'function in a plain object', how: 'referenced', kept: 'called as a method of the copy, its `this` is the original',
    make: counter,
    check: async (arrived) => {
      const counter = arrived as { n: number; next(): Promise<number> };
      assert.deepEqual([await counter.next(), await counter.next(), counter.n], [2, 3, 1]);
    },
  },
  {
    kind: 'class', how: 'referenced', kept: '`new` (a promise of a proxy), static methods, `instanceof`; where it is a property, it is read first: `new (await lib.Client)()`', lost: 'it cannot be extended here',
    make: () => class Counter { static kinds() { return 1; } constructor(private n: number) {} next() { return ++this.n; } },
    check: async (arrived) => {
      interface Counter { next(): Promise<number> }
      const Counter = arrived as unknown as { new (n: number): Promise<Counter>; kinds(): Promise<number> };
      const counter = await new Counter(5);
      assert.ok(counter instanceof Counter);
      assert.deepEqual([await Counter.kinds(), await counter.next(), await counter.next()], [1, 6, 7]);
    },
  },
  {
    kind: 'instance of a class', how: 'referenced', kept: 'identity; methods, accessors, iteration; `instanceof` the class that it arrives with and built-in bases such as `EventEmitter`',
    lost: 'names that begin with `_`, symbols, private members', make: () => new Account(), check: checkAccount,
  },
  {
    kind: 'plain object marked with `byReference`', how: 'referenced', kept: 'as an instance',
    make: () => byReference({ total: 0, add(n: number) { return (this.total += n); } }),
    check: async (arrived) => {
      const sum = arrived as { total: Promise<number>; add(n: number): Promise<number> };
      assert.ok(isProxy(sum));
      assert.deepEqual([await sum.add(2), await sum.add(3), await sum.total], [2, 5, 5]);
    },
  },
  {
    kind: 'instance of a subclass of `Map`, `Array`, `Date`, …', how: 'referenced', kept: 'as any instance',
    make: () => new (class Registry extends Map<string, number> { sum() { return [...this.values()].reduce((a, b) => a + b); } })([['a', 1], ['b', 2]]),
    check: async (arrived) => {
      const registry = arrived as { sum(): Promise<number>; get(key: string): Promise<number>; size: Promise<number> };
      assert.ok(isProxy(registry));
      assert.deepEqual([await registry.sum(), await registry.get('b'), await registry.size], [3, 2, 2]);
    },
  },
  {
    kind: 'other symbol', how: 'referenced', kept: 'identity, `description`', make: () => ({ one: Symbol('mine'), none: Symbol() }),
    check: (arrived) => {
      const { one, none } = arrived as { one: symbol; none: symbol };
      assert.deepEqual([typeof one, one.description, none.description, isProxy(one)], ['symbol', 'mine', undefined, true]);
    },
  },
];
