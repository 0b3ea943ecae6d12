import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ByHand } from '../peer/by-hand.js';
import { eventually } from '../support/eventually.js';
import { NOTHING } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { HostByHand, RESPONSE, requestRow, SOCKET } from './host-by-hand.js';

// A host that says what it likes to a process that handles its server: that process goes on, and at most its session ends.
let client: TestProcess;
let host: HostByHand;
let sessions = 0;

beforeAll(async () => { client = await TestProcess.start(new URL('fixtures/any-handler.ts', import.meta.url)); });

async function start(): Promise<void> {
  host = await HostByHand.start(client);
  sessions++;
}

/** The process has nothing left to do, answers others as ever, and holds nothing of a session that is over. */
afterEach(async () => {
  await eventually('rest', () => client.ask('isIdle'), true);
  ByHand.destroyAll();
  await eventually('tables', () => client.ask('tables'), Array.from({ length: sessions }, () => NOTHING));
  await start();
  host.request(requestRow(1, { 2: 'POST', 9: ['body'] }));
  const [, , , , , args] = await host.peer.hears(([, , , , name]) => name === 'answer');
  expect((args as unknown[]).slice(0, 4)).toEqual([1, 3, 200, 'OK']);
  host.peer.destroy();
  await eventually('seen', () => client.ask('seen'), ['POST /', 'end 4', 'close']);
  expect(client.stderr).toBe('');
});
afterAll(() => client.stop());

const [OPEN, UPGRADE] = [0, 4];
const WINDOW = 512 * 1024;
const ANYTHING = [null, {}, [], 'x', -1, 0, 1.5, 2 ** 53, true, ['$'], ['$', 'n', 'NaN'], ['$', 'n', 'Infinity'], ['$', 'F', 9, 1], ['$', 'O', 9, 1, {}], ['$', 'i', '1']];
const METHODS = ['data', 'end', 'aborted', 'taken', 'refused', 'over', 'wrote', 'received', 'ended', 'closed', 'settle', 'timedOut'];

/** Two requests whose bodies are still to come, one of which nobody reads, and an upgrade. */
async function inHand(): Promise<void> {
  await start();
  host.request(requestRow(1, { 1: OPEN, 2: 'POST' }));
  host.request(requestRow(2, { 1: OPEN, 2: 'POST', 3: '/hold', 8: socketOf(2) }));
  host.upgrade(requestRow(3, { 1: UPGRADE, 8: socketOf(3) }), socketOf(3, true));
}

const socketOf = (id: unknown, isRaw = false): unknown[] => [id, isRaw, ...SOCKET.slice(2)];

it('only what the wire names can be called', async () => {
  for (const method of ['request', 'response', 'socket', 'lost', 'tell', 'failed', 'forget', 'constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', '@@asyncIterator']) {
    await inHand();
    host.peer.say([1, 50, await host.backend(), 1, method, [null], 0]);
    const [verb] = await host.peer.hears(([heard, call]) => heard === 10 || ((heard === 2 || heard === 3) && call === 50));
    expect(verb === 2 ? method : undefined).toBeUndefined();
  }
});

it('something else is done with it than to call methods', async () => {
  for (const operation of [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, 'x', null]) {
    await inHand();
    const [name, ...args] = ['data', 1, 2, 3];
    host.peer.say([1, 0, await host.backend(), operation, name, args, 0]);
    await host.isThere();
  }
});

it.each(METHODS)('%s, with whatever', async (method) => {
  await inHand();
  for (const one of ANYTHING) {
    await host.say(method);
    await host.say(method, one);
    await host.say(method, one, one);
    for (const number of [1, 2, 3, 4]) await host.say(method, number, one);
  }
  expect(await host.isThere()).toBe(true);
});

it('all of them in a row, and again and again', async () => {
  await inHand();
  for (let round = 0; round < 3; round++) {
    for (const method of METHODS) for (const number of [1, 2, 3, 4]) for (const one of [0, 'x', 200, true, ['x']]) await host.say(method, number, one);
  }
  expect(await host.isThere()).toBe(true);
});

describe('a body', () => {
  it('has no more after its end', async () => {
    await inHand();
    await host.say('data', 2, 'abc');
    await host.say('end', 2, []);
    for (let sent = 0; sent <= 2 * WINDOW; sent += 8192) await host.say('data', 2, 'x'.repeat(8192));
    await host.say('data', 2, '');
    await host.say('end', 2, []);
    await host.say('settle', 2, true);
    await host.peer.hears(([verb, , , , name]) => verb === 10 || name === 'settled');
    expect(await host.isThere()).toBe(true);
  });

  it('that nobody reads is held up to the window, and then the session ends', async () => {
    await inHand();
    for (let sent = 0; sent <= WINDOW + 65_536; sent += 8192) await host.say('data', 2, 'x'.repeat(8192));
    expect(await host.peer.ended()).toMatchObject({ code: 'ERR_DYNOBOT_LIMIT_WINDOW' });
  });

  it('that does not come is not waited for at the processor\'s cost', async () => {
    await inHand();
    for (const number of [1, 2, 3]) {
      await host.say('settle', number, true);
      await host.say('settle', number, false);
    }
    expect(await host.isThere()).toBe(true);
  });
});

it('a socket that nobody reads takes no more than the window', async () => {
  await inHand();
  await host.say('received', 3, 'wait');
  for (let sent = 0; sent <= WINDOW + 65_536; sent += 8192) await host.say('received', 3, 'x'.repeat(8192));
  expect(await host.peer.ended()).toMatchObject({ code: 'ERR_DYNOBOT_LIMIT_WINDOW' });
});

it('a socket has no more after its end', async () => {
  await inHand();
  await host.say('ended', 3);
  for (let i = 0; i < 10; i++) await host.say('received', 3, 'more');
  await host.say('ended', 3);
  await host.say('closed', 3, null);
  await host.say('received', 3, 'more');
  expect(await host.isThere()).toBe(true);
});

/** Nothing came of it, or something that handlers can live with, or the session has ended with a code. */
async function isAnsweredOrEnded(): Promise<void> {
  const [verb] = await host.peer.hears(([heard, , , , name]) => heard === 10 || name === 'serve');
  if (verb === 10 || !(await host.isThere())) expect(await host.peer.ended()).toMatchObject({ code: 'ERR_DYNOBOT_PROTOCOL' });
}

const NONSENSE = [...ANYTHING, [[]], ['__proto__', 'x'], Array.from({ length: 5 }, () => 'x'), -5, 2 ** 31, ['x', -1], ['x', 2 ** 40, 'y'], ['bad name', -1, '\n']];

describe('what is handed over', () => {
  it.each([...requestRow(1).keys()])('is no request: part %i is nonsense', async (at) => {
    for (const one of NONSENSE) {
      await start();
      host.request(requestRow(1, { [at]: one }));
      await isAnsweredOrEnded();
      await start();
      host.introduce();
      host.request(requestRow(1, { [at]: one }));
      await isAnsweredOrEnded();
    }
  });

  it.each([...SOCKET.keys()])('is no socket: part %i is nonsense', async (at) => {
    for (const one of NONSENSE) {
      await start();
      host.upgrade(requestRow(1), SOCKET.with(at, one));
      await isAnsweredOrEnded();
    }
  });

  it.each([...RESPONSE.keys()])('is no response: part %i is nonsense', async (at) => {
    for (const one of NONSENSE) {
      await start();
      host.request(requestRow(1), RESPONSE.with(at, one));
      await isAnsweredOrEnded();
      await start();
      host.request(requestRow(1), RESPONSE.with(at, one), 0, true);
      await isAnsweredOrEnded();
    }
  });

  it('is no TLS', async () => {
    for (const one of [...NONSENSE, { certificate: null, peerCertificate: { raw: 5 } }, { certificate: null, peerCertificate: 5 }, { certificate: {} }]) {
      await start();
      host.request(requestRow(1), RESPONSE, one);
      await isAnsweredOrEnded();
    }
  });

  it('is no certificate', async () => {
    await start();
    const certificate = { raw: ['$', 'Buffer', ['$', 'b', 0]] };
    host.emit([host.requestHead(requestRow(1), { certificate, peerCertificate: ['$'] })], Buffer.from('no certificate'));
    expect(await host.isThere()).toBe(true);
    expect(await client.ask('seen')).toContain('GET /');
  });

  it.each(['HttpRequest', 'HttpResponse', 'Socket'])('is no %s at all', async (tag) => {
    for (const one of [...NONSENSE, ['$', 'd', []], ['$', 'd', tag], [requestRow(1), 0, 0], [requestRow(1), ['$', 'H', 1], 0], [[requestRow(1)], ['$', 'O', 2, 1, {}], 0]]) {
      await start();
      host.emit([['$', tag, one]]);
      host.request(requestRow(7));
      await isAnsweredOrEnded();
    }
  });

  it.each([
    ['another kind', ['$', 'd', 'Map', [1, 2]]],
    ['no kind', ['$', 'd', 'constructor', 1]],
    ['no name', ['$', 'd', requestRow(1)]],
    ['more than rows', ['$', 'd', 'HttpRequest', ...requestRow(1, { 7: [['Host', 'x']] })]],
    ['an object', ['$', 'd', 'HttpRequest', ...requestRow(1, { 7: {} })]],
  ])('is no row: %s', async (_what, escape) => {
    await inHand();
    host.emit([escape]);
    expect(await host.peer.ended()).toMatchObject({ code: 'ERR_DYNOBOT_PROTOCOL' });
  });

  it.each([
    ['', ['$', 'HttpResponse', [RESPONSE, ['$', 'HttpRequest', 1]]]],
    ['that is in hand', ['$', 'd', 'HttpResponse', ...RESPONSE.with(0, 90)]],
  ])('is a response without its request %s', async (_which, escape) => {
    await inHand();
    host.emit([escape]);
    expect(await host.peer.ended()).toMatchObject({ code: 'ERR_DYNOBOT_PROTOCOL' });
  });

  it('is one request again and again, with another response', async () => {
    await inHand();
    for (let i = 0; i < 20; i++) host.request(requestRow(2, { 1: OPEN, 3: `/${i}`, 8: socketOf(i % 3) }), RESPONSE.with(0, 2).with(1, i * 8));
    for (const method of ['over', 'aborted', 'refused', 'taken']) await host.say(method, 2, 200);
    for (let i = 0; i < 20; i++) host.request(requestRow(2, { 1: OPEN, 3: `/${i}`, 8: socketOf(i % 3) }), RESPONSE.with(0, 2).with(1, i * 8));
    expect(await host.isThere()).toBe(true);
  });
});
