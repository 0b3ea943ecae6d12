// What the hosts of the proofs publish.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { byReference, narrow } from 'dynobot';

export class Thing {
  count = 0;
  label = 'thing';
  _hidden = 'hidden';
  get double() {
    return this.count * 2;
  }
  add(n) {
    return (this.count += Number(n) || 0);
  }
  _secret() {
    return 'secret';
  }
}

export class Account extends Thing {
  static made = 0;
  static open() {
    return new Account();
  }
  balance = 100;
  withdraw(n) {
    return (this.balance -= Number(n) || 0);
  }
}

export function makeServices() {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const kept = new Set();
  const named = new Map();
  const work = byReference({
    echo: (value) => value,
    slow: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(Number(ms) || 0, 1000), 'done')),
    hang: () => new Promise(() => {}),
    keep: (...values) => void values.forEach((value) => kept.add(value)),
    drop: () => kept.clear(),
    /** Functions that others ask, and what runs in the course of a call. */
    keepAs: (name, fn) => void named.set(name, fn),
    isKept: (name) => named.has(name),
    ask: (name, ...args) => named.get(name)?.(...args),
    run: (fn) => (typeof fn === 'function' ? fn() : undefined),
    thing: () => new Thing(),
    things: (n) => Array.from({ length: Math.min(Number(n) || 0, 1000) }, () => new Thing()),
    fn: () => () => 'called',
    /** By reference, with so many primitive properties; and with a string so long. */
    wide: (n) => byReference(Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, i]))),
    long: (n) => byReference({ text: 'x'.repeat(n) }),
    /** An event that brings an emitter, which at once emits so many of its own. */
    bring: (n) => void setImmediate(() => {
      const brought = new EventEmitter();
      emitter.emit('brought', brought);
      for (let i = 0; i < n; i++) brought.emit('own', i);
      brought.emit('last');
    }),
    fail: () => {
      throw Object.assign(new RangeError('it failed'), { code: 'E_FAILED', detail: { deep: [1, new Date(0)] } });
    },
    data: () => ({ map: new Map([[1, { a: 1 }]]), set: new Set([1]), date: new Date(0), bytes: Buffer.from('bytes'), big: 1n, error: new TypeError('x'), regexp: /x/g, url: new URL('http://x/') }),
    stream: () => {
      const stream = new PassThrough();
      stream.end('some bytes');
      return stream;
    },
    endless: () => new PassThrough(),
    promise: () => ({ later: Promise.resolve('later'), never: new Promise(() => {}) }),
    async *numbers(n) {
      for (let i = 0; i < n; i++) yield i;
    },
    use: (fn, ...args) => (typeof fn === 'function' ? Promise.resolve(fn(...args)).catch(() => 'failed') : undefined),
  });
  const vault = narrow(new Account(), { allow: ['label', 'add'] });
  const jobs = new EventEmitter();
  return { jobs, services: { work, emitter, jobs, thing: new Thing(), account: new Account(), Account, fn: () => 'called', vault }, emitter, kept };
}
