import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/index.js';
import { LIMITS } from '../../src/limits.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/newcomers-host.js';

const FIXTURE = new URL('fixtures/newcomers-host.ts', import.meta.url);
type Proxy = Parameters<Parameters<Connection<Services>['services']['server']['on']>[1]>[0];

let host: HostProcess;
let connection: Connection<Services>;
let heard: unknown[][];

const hearing = (event: string) => (...args: unknown[]): void => void heard.push([event, ...args]);
/** What a handler of `connection` does with the new socket. */
const onConnection = (handle: (socket: Proxy) => unknown): void => void connection.services.server.on('connection', handle as never);
const errors = (): Promise<string[]> => host.ask<string[]>('errors');

beforeEach(async () => {
  heard = [];
});

async function hasHeard(expected: unknown[][]): Promise<void> {
  await eventually('whether it is still held', () => host.ask('isOverheard'), false);
  await connection.inspect();
  await eventually('what was heard', () => heard, expected);
}

describe('what a new emitter emits before a client can have attached anything', () => {
  beforeAll(async () => {
    host = await HostProcess.start(FIXTURE);
  });
  beforeEach(async () => {
    connection = await host.connect();
  });
  afterEach(async () => {
    await host.isClean(connection);
    expect(await host.ask('listeners')).toBe(0);
    expect(await host.ask('isOverheard')).toBe(false);
  });
  afterAll(async () => {
    expect(host.stderr).toBe('');
    await host.stop();
  });

  it('is heard, in order, by all that the handler attaches', async () => {
    onConnection((socket) => socket.on('close', hearing('close')).on('data', hearing('data')).once('data', hearing('first')));
    await connection.inspect();
    expect(await host.ask('connect', ['data', 1], ['data', { two: 2 }], ['other'], ['close', 'bye'])).toBe(true);
    await hasHeard([['data', 1], ['first', 1], ['data', { two: 2 }], ['close', 'bye']]);
    await host.ask('emit', 'data', 3);
    await hasHeard([['data', 1], ['first', 1], ['data', { two: 2 }], ['close', 'bye'], ['data', 3]]);
  });

  it('is heard as it was when it was emitted', async () => {
    onConnection((socket) => socket.on('data', hearing('data')));
    await connection.inspect();
    await host.ask('reuse', 3);
    await hasHeard([1, 2, 3].map((n) => ['data', { n }, Buffer.from([n])]));
  });

  it('is heard by what is attached after an await that waits for no I/O', async () => {
    onConnection(async (socket) => {
      await null;
      await Promise.resolve();
      socket.on('data', hearing('data'));
    });
    await connection.inspect();
    await host.ask('connect', ['data', 1]);
    await hasHeard([['data', 1]]);
  });

  it('is not heard by what was detached again, nor twice by what is prepended', async () => {
    const gone = hearing('gone');
    onConnection((socket) => socket.on('data', gone).on('data', hearing('second')).prependListener('data', hearing('first')).off('data', gone));
    await connection.inspect();
    await host.ask('connect', ['data', 1]);
    await hasHeard([['first', 1], ['second', 1]]);
  });

  it('is heard by each of several listeners and clients', async () => {
    const other = await host.connect<Services>();
    const handle = (name: string) => (socket: Proxy): unknown => socket.on('data', hearing(name));
    onConnection(handle('one'));
    onConnection(handle('two'));
    other.services.server.on('connection', handle('three') as never);
    await Promise.all([connection.inspect(), other.inspect()]);
    await host.ask('connect', ['data', 1]);
    await eventually('whether it is still held', () => host.ask('isOverheard'), false);
    await Promise.all([connection.inspect(), other.inspect()]);
    expect(heard.sort()).toEqual([['one', 1], ['three', 1], ['two', 1]]);
    heard = [];
    await host.ask('twice');
    await eventually('what was heard', () => heard.length, 6);
    await other.close();
  });

  it('goes nowhere if the client ends instead', async () => {
    onConnection(() => void connection.close());
    await connection.inspect();
    await host.ask('connect', ['data', 1]);
    await eventually('whether it is still held', () => host.ask('isOverheard'), false);
  });

  it('does not end the host if it is an error: the handler hears of it, or the host is told', async () => {
    onConnection((socket) => socket.on('error', (error: Error) => heard.push(['error', error.message])));
    await connection.inspect();
    await host.ask('connect', ['error', { message: 'for the handler' }]);
    await eventually('what was heard', () => heard.length, 1);
    await connection.close();
    connection = await host.connect();
    onConnection(() => {});
    await connection.inspect();
    const before = (await errors()).length;
    await host.ask('connect', ['error', { message: 'for nobody' }]);
    await eventually('whether it is still held', () => host.ask('isOverheard'), false);
    expect((await errors()).slice(before)).toEqual([expect.stringMatching(/an error event that nobody listens for/)]);
  });
});

it('is heard by the process of a role that has the turn, and by its successor', async () => {
  host = await HostProcess.start(FIXTURE);
  const take = async (name: string): Promise<void> => {
    connection = await host.connect<Services>({ role: 'turns', name });
    onConnection((socket) => socket.on('data', hearing(name)).on('close', hearing('close')));
    await connection.ready();
  };
  await take('one');
  await host.ask('connect', ['data', 1], ['data', 2], ['close']);
  await hasHeard([['one', 1], ['one', 2], ['close']]);
  await host.ask('emit', 'data', 3);
  await hasHeard([['one', 1], ['one', 2], ['close'], ['one', 3]]);
  heard = [];
  await take('two');
  await host.ask('connect', ['data', 4]);
  await hasHeard([['two', 4]]);
  await host.isClean(connection);
  await host.stop();
});

describe('limits.newcomer', () => {
  it.each([[undefined, LIMITS.newcomer], ['3', 3]])('bounds what is kept (%s)', async (set, limit) => {
    host = await HostProcess.start(FIXTURE, set === undefined ? {} : { TEST_NEWCOMER: set });
    connection = await host.connect();
    onConnection((socket) => socket.on('data', hearing('data')));
    await connection.inspect();
    await host.ask('flood', limit);
    await eventually('how much was heard', () => heard.length, limit);
    expect(await errors()).toEqual([]);
    await host.ask('flood', limit + 2);
    await eventually('how much was heard', () => heard.length, 2 * limit);
    expect(heard.at(-1)).toEqual(['data', limit - 1]);
    expect(await errors()).toEqual([expect.stringMatching(new RegExp(`2 events of a new emitter .* no more than ${limit} are kept \\(limits.newcomer\\)`))]);
    await host.isClean(connection);
    await host.stop();
  });
});

