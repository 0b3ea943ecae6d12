import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { byCopy, connect, host, type Connection, type Gap, type Host, type RoleOptions } from '../../src/index.js';
import { eventually } from '../support/eventually.js';

let hosted: Host | undefined;
const connections: Connection<unknown>[] = [];
let names = 0;

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  await hosted?.close();
});

class Pausable extends EventEmitter {
  paused = 0;
  resumed = 0;
  pause(): void { this.paused++; }
  resume(): void { this.resumed++; }
}

class Point { x = 0; }

interface Taker {
  readonly heard: unknown[];
  readonly gaps: Gap[];
  readonly connection: Connection<unknown>;
}

async function open(emitter: EventEmitter, job: RoleOptions): Promise<string> {
  const name = `parking-${process.pid}-${++names}`;
  hosted = await host({ emitter }, { name, roles: { job } });
  return name;
}

async function take(name: string, events: readonly string[] = ['a']): Promise<Taker> {
  const connection = await connect<{ emitter: EventEmitter }>(name, { role: 'job', reconnect: false });
  connections.push(connection);
  const taker: Taker = { heard: [], gaps: [], connection };
  for (const event of events) connection.services.emitter.on(event, (what: unknown) => taker.heard.push(what));
  connection.on('gap', (gap) => taker.gaps.push(gap));
  await connection.ready();
  return taker;
}

/** A role whose only process has gone. */
async function vacant(emitter: EventEmitter, job: RoleOptions, events: readonly string[] = ['a']): Promise<string> {
  const name = await open(emitter, job);
  const { connection } = await take(name, events);
  await connection.close();
  await eventually('the role to be vacant', () => hosted!.inspect().roles[0]?.members.length, 0);
  return name;
}

function parked(): { events: number; bytes: number } {
  const { events, bytes } = hosted!.inspect().roles[0]!.parked;
  return { events, bytes };
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the bound on the number of parked events', () => {
  it.each([[4, 0], [5, 0], [6, 1], [5000, 4995]])('%i events of 5: %i are dropped', async (count, dropped) => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, { events: 5 });
    for (const n of numbers(1, count)) emitter.emit('a', n);
    expect(parked().events).toBe(count - dropped);
    const { heard, gaps } = await take(name);
    await eventually('what is heard', () => heard, numbers(1, count - dropped));
    expect(gaps).toEqual(dropped === 0 ? [] : [{ total: dropped, events: [{ on: 'emitter', event: 'a', count: dropped, reasons: { events: dropped } }] }]);
  });
});

describe('the bound on their bytes', () => {
  it.each([[9, 0], [10, 0], [11, 1], [1000, 990]])('%i events of 100 bytes, 1,000 at most: %i are dropped', async (count, dropped) => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, { bytes: 1000 });
    for (let i = 0; i < count; i++) emitter.emit('a', Buffer.alloc(100));
    expect(parked()).toEqual({ events: count - dropped, bytes: (count - dropped) * 100 });
    const { heard, gaps } = await take(name);
    await eventually('what is heard', () => heard.length, count - dropped);
    expect(gaps.map(({ total, events: [one] }) => [total, one!.reasons])).toEqual(dropped === 0 ? [] : [[dropped, { bytes: dropped }]]);
  });
});

describe('the bound on their age', () => {
  it('drops what is older, and tells so', async () => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, { age: 60 });
    for (const n of numbers(1, 7)) emitter.emit('a', n);
    await eventually('what is parked', () => parked().events, 0);
    for (const n of numbers(8, 10)) emitter.emit('a', n);
    const { heard, gaps } = await take(name);
    await eventually('what is heard', () => heard, numbers(8, 10));
    expect(gaps.map(({ events }) => events[0]!.reasons)).toEqual([{ age: 7 }]);
  });
});

describe('the policies', () => {
  it('drop-oldest makes room for the new ones, but not of other events', async () => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, { events: 4, policy: { b: 'drop-oldest' } }, ['a', 'b']);
    emitter.emit('a', 'a1');
    for (const n of numbers(1, 5)) emitter.emit('b', `b${n}`);
    emitter.emit('a', 'a2');
    const { heard, gaps } = await take(name, ['a', 'b']);
    await eventually('what is heard', () => heard, ['a1', 'b3', 'b4', 'b5']);
    expect(gaps[0]!.events.map(({ event, reasons }) => [event, reasons])).toEqual([['b', { events: 2 }], ['a', { events: 1 }]]);
  });

  it('latest keeps the last one, in its place', async () => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, { policy: { b: 'latest' } }, ['a', 'b']);
    for (const [event, what] of [['b', 'b1'], ['a', 'a1'], ['b', 'b2'], ['a', 'a2'], ['b', 'b3'], ['a', 'a3']]) emitter.emit(event!, what);
    const { heard, gaps } = await take(name, ['a', 'b']);
    await eventually('what is heard', () => heard, ['a1', 'a2', 'b3', 'a3']);
    expect(gaps[0]!.events.map(({ event, reasons }) => [event, reasons])).toEqual([['b', { superseded: 2 }]]);
  });

  it('pause pauses whenever there is no process, and resumes when there is one', async () => {
    const emitter = new Pausable();
    const name = await vacant(emitter, { policy: 'pause' });
    // Before the first process was ready, and when it had gone.
    expect([emitter.paused, emitter.resumed]).toEqual([2, 1]);
    emitter.emit('a', 'nevertheless');
    const { heard } = await take(name);
    await eventually('what is heard', () => heard, ['nevertheless']);
    expect(emitter.resumed).toBe(2);
  });
});

describe('what is parked', () => {
  it('is as it was when it was emitted, and its functions work', async () => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, {});
    const state = { n: 0, list: [0], bytes: Buffer.alloc(1), map: new Map([['n', 0]]), url: new URL('http://a/0'), search: /x/g, point: byCopy(new Point()) };
    for (const n of numbers(1, 3)) {
      state.n = state.list[0] = state.bytes[0] = n;
      state.map.set('n', n);
      state.url.pathname = `/${n}`;
      state.search.lastIndex = state.point.x = n;
      emitter.emit('a', state);
    }
    const replies: string[] = [];
    emitter.emit('a', { reply: (text: string) => replies.push(text) });
    const { heard } = await take(name);
    await eventually('what is heard', () => heard.length, 4);
    const then = (n: number): object => ({ n, list: [n], bytes: Buffer.from([n]), map: new Map([['n', n]]), url: new URL(`http://a/${n}`), search: Object.assign(/x/g, { lastIndex: n }), point: { x: n } });
    expect(heard.slice(0, 3)).toEqual(numbers(1, 3).map(then));
    expect((heard as { search: RegExp }[]).slice(0, 3).map(({ search }) => search.lastIndex)).toEqual(numbers(1, 3));
    await (heard[3] as { reply(text: string): Promise<unknown> }).reply('hello');
    expect(replies).toEqual(['hello']);
  });

  it('counts what errors hold', async () => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, { bytes: 1000 });
    for (let i = 0; i < 5; i++) emitter.emit('a', Object.assign(new Error('full'), { detail: 'x'.repeat(100_000) }));
    const { gaps } = await take(name);
    await eventually('gaps', () => gaps.map(({ total }) => total), [5]);
  });

  it('is told as unheard if the next process does not listen to it', async () => {
    const emitter = new EventEmitter();
    const name = await vacant(emitter, {}, ['a', 'b']);
    emitter.emit('b', 1);
    emitter.emit('a', 2);
    const { heard, gaps } = await take(name, ['a']);
    await eventually('what is heard', () => heard, [2]);
    expect(gaps[0]!.events).toEqual([{ on: 'emitter', event: 'b', count: 1, reasons: { unheard: 1 } }]);
    expect(emitter.listenerCount('b')).toBe(0);
  });

  it('is held from the first listener on, before anybody was ready', async () => {
    const emitter = new EventEmitter();
    const name = await open(emitter, {});
    const connection = await connect<{ emitter: EventEmitter }>(name, { role: 'job', reconnect: false });
    connections.push(connection);
    const heard: unknown[] = [];
    connection.services.emitter.on('a', (what: unknown) => heard.push(what));
    await eventually('the listener', () => emitter.listenerCount('a'), 1);
    emitter.emit('a', 1);
    expect(heard).toEqual([]);
    await connection.ready();
    await eventually('what is heard', () => heard, [1]);
  });

  it('leaves nothing on the object when the host closes', async () => {
    const emitter = new EventEmitter();
    await vacant(emitter, {});
    const lost: unknown[] = [];
    hosted!.on('lost', ({ events }) => lost.push(...events.map(({ reason, args }) => [reason, args])));
    emitter.emit('a', 1);
    expect(emitter.listenerCount('a')).toBe(1);
    await hosted!.close();
    expect(emitter.listenerCount('a')).toBe(0);
    expect(lost).toEqual([['ended', [1]]]);
  });
});

describe('a process that does not take what it is given', () => {
  it('is cut off when too much waits for it', async () => {
    const emitter = new EventEmitter();
    const name = `parking-${process.pid}-${++names}`;
    hosted = await host({ emitter }, { name, limits: { queue: 100_000 }, roles: { job: { ahead: 1, bytes: 5000 } } });
    hosted.on('error', () => {});
    const { connection } = await take(name);
    connection.on('error', () => {});
    const closed = new Promise((resolve) => connection.on('close', resolve));
    // All in one turn: it has no chance to say that it has taken any.
    for (let i = 0; i < 200; i++) emitter.emit('a', Buffer.alloc(1000));
    expect(await closed).toMatchObject({ code: 'ERR_DYNOBOT_LIMIT_QUEUE' });
    expect(parked()).toEqual({ events: 5, bytes: 5000 });
  });
});
