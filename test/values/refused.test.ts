import { afterAll, beforeAll, expect, it } from 'vitest';
import { LIMITS, set, type Connection } from '../../src/index.js';
import { HostProcess } from '../support/host-process.js';
import type { Flow } from './fixtures/flow-host.js';
import { Money, money } from './money.js';

let host: HostProcess;
let connection: Connection<{ flow: Flow }>;
let flow: Connection<{ flow: Flow }>['services']['flow'];

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/flow-host.ts', import.meta.url));
  connection = await host.connect({ kinds: [money] });
  ({ flow } = connection.services);
});

afterAll(async () => {
  await host.isClean(connection);
  await host.stop();
});

class Unreadable {
  get secret(): never { throw new TypeError('not for you'); }
}

function trap(): never {
  throw new Error('trapped');
}

/** A copied object with a property that throws when it is read. */
function trapped(object: object, key: PropertyKey): object {
  return Object.defineProperty(object, key, { enumerable: true, get: trap });
}

function deep(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let i = 0; i < depth; i++) value = { in: value };
  return value;
}

function selfish(): Money {
  const made = new Money(1n, 'EUR');
  made.note = { of: [made] };
  return made;
}

const hostile = new Proxy({}, { ownKeys: trap, get: trap, getPrototypeOf: trap, has: trap });

it.each([
  ['a SharedArrayBuffer', { memory: new SharedArrayBuffer(8) }, /^arguments\[0\]\.memory cannot cross: a SharedArrayBuffer is shared memory/],
  ['a WeakMap', { options: { cache: new WeakMap() } }, /^arguments\[0\]\.options\.cache cannot cross: a WeakMap/],
  ['a WeakSet in a Map', new Map([['k', [1, new WeakSet()]]]), /^arguments\[0\].* cannot cross: a WeakSet/],
  ['a WeakRef under odd names', { 'a b': { 1: new WeakRef({}) } }, /^arguments\[0\]\["a b"\]\[1\] cannot cross: a WeakRef/],
  ['a Proxy whose traps throw', { list: [hostile] }, /^arguments\[0\]\.list\[0\] cannot cross: reading it threw Error: trapped/],
  ['a getter that throws', { a: [trapped({}, 'b')] }, /^arguments\[0\]\.a\[0\]\.b cannot cross: reading it threw Error: trapped/],
  ['a getter that throws, of an object without a prototype', trapped(Object.create(null) as object, 'b'), /^arguments\[0\]\.b cannot cross: reading it threw/],
  ['a getter that throws, under a symbol', trapped({}, Symbol.for('s')), /^arguments\[0\]\[Symbol\(s\)\] cannot cross: reading it threw/],
  ['a getter that throws, of an array', { list: trapped([1, 2], 1) }, /^arguments\[0\]\.list\[1\] cannot cross: reading it threw/],
  ['nesting that is too deep', { way: deep(600) }, /^arguments\[0\]\.way\.in.* … .*in cannot cross: it is nested more than 500 deep \(limits\.depth\)/],
  ['nesting without end', { way: deep(100_000) }, /^arguments\[0\]\.way.* cannot cross: it is nested/],
  ['a value of a kind that is made from itself', { wallet: selfish() }, /^arguments\[0\]\.wallet.* cannot cross: it holds itself/],
  ['an error with a property that throws', { error: trapped(new Error('x'), 'detail') }, /^arguments\[0\]\.error.* cannot cross: reading it threw/],
])('%s is refused with its path, and nothing is sent', async (name, value, message) => {
  const before = connection.tables;
  const call = flow.echo(value as never, () => {}, { also: () => {} });
  const code = name.startsWith('nesting') ? 'ERR_DYNOBOT_LIMIT_DEPTH' : 'ERR_DYNOBOT_UNCLONABLE';
  await expect(call).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  await expect(flow.echo({ first: () => {} } as never, value)).rejects.toThrow(/^arguments\[1\]/);
  expect(connection.tables).toEqual(before);
  expect(await host.sessions()).toEqual([{ exports: before.imports, imports: 0, calls: 0, answers: 0, listeners: 0 }]);
  expect(await flow.echo('still there')).toBe('still there');
});

it('is refused with the property that it was assigned to, and nothing is sent', async () => {
  const target = flow as unknown as Record<string, unknown>;
  const refused = { code: 'ERR_DYNOBOT_UNCLONABLE' };
  expect(() => { target['cache'] = new WeakMap(); }).toThrow(expect.objectContaining({ ...refused, message: expect.stringMatching(/^flow\.cache cannot cross: a WeakMap/) as string }));
  expect(() => set(flow as never, 'options' as never, { list: [1, new WeakMap()] } as never)).toThrow(/^flow\.options\.list\[1\] cannot cross: a WeakMap/);
  expect(() => { target['long'] = 'x'.repeat(LIMITS.frame); }).toThrow(/^flow\.long: \d+ bytes are too long/);
  expect(await flow.echo('still there')).toBe('still there');
});

it('is refused to the caller where it is in a result', async () => {
  await expect(flow.circle()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_UNCLONABLE', message: expect.stringMatching(/^result\.deep\[0\]\.map cannot cross: a WeakMap/) as string });
  expect(connection.tables.imports).toBe(2);
});

it('is refused where it is in an error, with what the error was', async () => {
  await expect(flow.fail()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_UNCLONABLE', message: expect.stringMatching(/error\.cache cannot cross.*Error: with a cache/) as string });
});

it('is not what an instance is whose getters throw: that is a reference', async () => {
  const unreadable = new Unreadable();
  expect(await flow.echo(unreadable)).toBe(unreadable);
  await host.holdsOnlyServices(connection);
});
