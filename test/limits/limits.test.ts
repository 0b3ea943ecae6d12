import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DynobotError, type Connection, type Limits } from '../../src/index.js';
import { Child } from '../support/child.js';
import { HostProcess } from '../support/host-process.js';
import { ByHand } from '../peer/by-hand.js';
import type { Services } from './fixtures/limited-host.js';

const HOST = new URL('fixtures/limited-host.ts', import.meta.url);

let host: HostProcess;
let innocent: Connection<Services>;

async function begin(limits: Partial<Limits>): Promise<void> {
  host = await HostProcess.start(HOST, { TEST_OPTIONS: JSON.stringify({ limits }) });
  innocent = await host.connect<Services>({ name: 'innocent' });
}

afterEach(async () => {
  expect(await innocent.services.work.echo('still there')).toBe('still there');
  ByHand.destroyAll();
  await host.isClean(innocent);
  expect(host.stderr).toBe('');
  await host.stop();
});

const codeOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'fine', (error: unknown) => (error as DynobotError).code);

const nested = (depth: number): unknown => {
  let value: unknown[] = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
};

const object = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i]));

describe('sent by an honest client with the same limits, what is one over is refused where it is made', () => {
  beforeEach(() => begin({ depth: 20, elements: 100, frame: 10_000 }));

  it.each([
    ['depth', { depth: 20 }, nested(20), nested(21), 'ERR_DYNOBOT_LIMIT_DEPTH'],
    ['elements', { elements: 100 }, Array(99).fill(0), Array(100).fill(0), 'ERR_DYNOBOT_LIMIT_ELEMENTS'],
    ['properties', { elements: 100 }, object(99), object(100), 'ERR_DYNOBOT_LIMIT_ELEMENTS'],
    ['frame', { frame: 10_000 }, 'x'.repeat(9_900), 'x'.repeat(10_001), 'ERR_DYNOBOT_LIMIT_FRAME'],
  ])('%s', async (_limit, limits, at, over, code) => {
    const client = await host.connect<Services>({ limits });
    expect(await codeOf(client.services.work.echo(at) as Promise<unknown>)).toBe('fine');
    expect(await codeOf(client.services.work.echo(over) as Promise<unknown>)).toBe(code);
    expect(client.connected).toBe(true);
    await client.close();
  });
});

describe('what a client with wider limits sends beyond the host\'s ends its session, and no other', () => {
  beforeEach(() => begin({ depth: 20, elements: 100, frame: 10_000 }));

  it.each([
    ['depth', { depth: 1000 }, nested(40), 'ERR_DYNOBOT_LIMIT_DEPTH'],
    ['elements', { elements: 1000 }, Array(200).fill(0), 'ERR_DYNOBOT_LIMIT_ELEMENTS'],
    ['elements among escapes', { elements: 1000 }, [undefined, ...Array<number>(200).fill(0)], 'ERR_DYNOBOT_LIMIT_ELEMENTS'],
    ['one message of a frame', { frame: 100_000 }, 'x'.repeat(20_000), 'ERR_DYNOBOT_LIMIT_FRAME'],
    ['frame', { frame: 100_000 }, 'x'.repeat(80_000), 'ERR_DYNOBOT_LIMIT_FRAME'],
  ])('%s', async (limit, limits, value, code) => {
    const client = await host.connect<Services>({ limits, name: 'wide', reconnect: false });
    const closed = new Promise<DynobotError | undefined>((resolve) => client.once('close', resolve));
    expect(await codeOf(client.services.work.echo(value) as Promise<unknown>)).toBe('ERR_DYNOBOT_DISCONNECTED');
    // What is too long to be taken in at all is cut off; of the rest, the client is told the reason.
    const isCut = limit === 'frame';
    expect((await closed)?.code).toBe(isCut ? 'ERR_DYNOBOT_DISCONNECTED' : code);
    expect((await host.ended()).map(({ reason }) => reason)).toEqual([code]);
  });

  it('a result that is too much is refused to its caller', async () => {
    expect(await codeOf(innocent.services.work.nested(22) as Promise<unknown>)).toBe('ERR_DYNOBOT_LIMIT_DEPTH');
    expect(await codeOf(innocent.services.work.array(101) as Promise<unknown>)).toBe('ERR_DYNOBOT_LIMIT_ELEMENTS');
  });
});

it('references: the call whose result would be one too many is refused', async () => {
  await begin({ references: 50 });
  const held = await innocent.services.work.objects(40);
  expect(await codeOf(innocent.services.work.objects(20) as Promise<unknown>)).toBe('ERR_DYNOBOT_LIMIT_REFERENCES');
  expect(held).toHaveLength(40);
});

it('references: who exports more than this side holds is named, and loses the session', async () => {
  await begin({});
  const client = await host.connect<Services>({ limits: { references: 20 }, reconnect: false });
  const closed = new Promise((resolve) => client.once('close', resolve));
  await expect(client.services.work.objects(30)).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  expect(await closed).toMatchObject({ code: 'ERR_DYNOBOT_LIMIT_REFERENCES', message: `${host.name} exports more than 20 references (limits.references)` });
});

describe('requests and sockets that a client sends count, too', () => {
  const gateway = ['$', 'O', 1, 1, {}];
  const socketRow = (id: number, address = '') => [id, true, address, 0];
  const requestRow = (id: number, url: string) => [id, 0, 'GET', url, 1, 1, 0, [], socketRow(1)];
  const facts = { cipher: { name: 'x'.repeat(30_000) }, certificate: null };

  /** The code with which the session ends that sends many of them. */
  async function flood(head: (id: number) => unknown[], tag: string, tls: unknown = 0): Promise<unknown> {
    const { peer, ids } = await ByHand.greeted(host.name, 'hostile');
    peer.say([7, 1, { parent: 0, name: 'G', base: '', methods: ['serve'], accessors: [], listening: [], iterable: false }]);
    for (let id = 1; id <= 100; id++) peer.say([1, 0, ids.get('work'), 1, 'echo', [['$', tag, [head(id), id === 1 ? gateway : 0, tls]]], 1]);
    return (await peer.ended()).code;
  }

  /** The same for one that sends on and on, although nobody reads. */
  async function pour(what: string, head: unknown[], tag: string): Promise<unknown> {
    const { peer, ids } = await ByHand.greeted(host.name, 'hostile');
    peer.say([7, 1, { parent: 0, name: 'G', base: '', methods: ['serve'], accessors: [], listening: [], iterable: false }]);
    peer.say([1, 0, ids.get('work'), 1, 'echo', [['$', tag, [head, gateway, 0]]], 1]);
    const [, , , , , args] = await peer.hears(([verb, , , , name]) => verb === 1 && name === 'serve');
    const backend = (args as unknown[][])[0]![2];
    for (let i = 0; i < 100; i++) peer.say([1, 0, backend, 1, what, [1, 'x'.repeat(8_000)], 0]);
    return (await peer.ended()).code;
  }

  beforeEach(() => begin({ references: 500 }));

  it.each([
    ['a body that nobody reads', 'ERR_DYNOBOT_LIMIT_WINDOW', () => pour('data', requestRow(1, '/'), 'HttpRequest')],
    ['what comes on a socket that nobody reads', 'ERR_DYNOBOT_LIMIT_WINDOW', () => pour('received', socketRow(1), 'Socket')],
    ['sockets', 'ERR_DYNOBOT_LIMIT_REFERENCES', () => flood((id) => socketRow(id), 'Socket')],
    ['what is known of TLS', 'ERR_DYNOBOT_LIMIT_REFERENCES', () => flood((id) => socketRow(id), 'Socket', facts)],
    ['requests', 'ERR_DYNOBOT_LIMIT_REFERENCES', () => flood((id) => requestRow(id, '/'), 'HttpRequest')],
    ['the text of requests', 'ERR_DYNOBOT_LIMIT_REFERENCES', () => flood((id) => requestRow(id, 'x'.repeat(10_000)), 'HttpRequest')],
    ['an address that is none', 'ERR_DYNOBOT_PROTOCOL', () => flood((id) => socketRow(id, 'x'.repeat(1025)), 'Socket')],
    ['a head that is too long', 'ERR_DYNOBOT_PROTOCOL', () => flood((id) => requestRow(id, 'x'.repeat(1024 * 1024)), 'HttpRequest')],
  ])('%s', async (_what, code, send) => {
    expect(await send()).toBe(code);
    expect((await host.ended()).map(({ client, reason }) => [client, reason])).toEqual([['hostile', code]]);
  });
});

it('listeners: one more is not attached', async () => {
  await begin({ listeners: 5 });
  const errors: DynobotError[] = [];
  innocent.on('error', (error) => errors.push(error as DynobotError));
  for (let i = 0; i < 6; i++) innocent.services.emitter.on('tick', () => {});
  await innocent.services.work.echo(0);
  expect(await host.ask('listeners')).toBe(5);
  expect(errors.map(({ code, message }) => [code, message])).toEqual([
    ['ERR_DYNOBOT_LIMIT_LISTENERS', 'no more than 5 listeners (limits.listeners): the one for tick of EventEmitter is not attached'],
  ]);
});

it('calls: those beyond are refused, those at it answered', async () => {
  await begin({ calls: 5 });
  const { work } = innocent.services;
  const all = await Promise.all(Array.from({ length: 6 }, () => codeOf(work.slow(100) as Promise<unknown>)));
  expect(all).toEqual(['fine', 'fine', 'fine', 'fine', 'fine', 'ERR_DYNOBOT_LIMIT_CALLS']);
  expect(await codeOf(work.slow(1) as Promise<unknown>)).toBe('fine');
});

it('calls per second: those beyond are refused, and after a second they are not', async () => {
  await begin({ callsPerSecond: 20 });
  const { work } = innocent.services;
  const all = await Promise.all(Array.from({ length: 30 }, () => codeOf(work.echo(1) as Promise<unknown>)));
  expect(all.filter((code) => code === 'fine')).toHaveLength(20);
  expect(new Set(all.slice(20))).toEqual(new Set(['ERR_DYNOBOT_LIMIT_RATE']));
  await expect.poll(() => codeOf(work.echo(1) as Promise<unknown>), { timeout: 5_000, interval: 200 }).toBe('fine');
});

it('handshake: who does not greet in time is gone', async () => {
  await begin({ handshake: 200 });
  const stalling = await ByHand.connect(host.name);
  expect(await stalling.ended()).toMatchObject({ code: 'ERR_DYNOBOT_LIMIT_HANDSHAKE' });
});

describe('heartbeat', () => {
  it('ends the session of a client that has gone silent, and not of one that has nothing to say', async () => {
    await begin({ heartbeat: 800 });
    const { peer } = await ByHand.greeted(host.name, 'silent');
    const began = performance.now();
    await peer.ended();
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(600);
    expect(took).toBeLessThan(1_500);
    expect((await host.ended()).map(({ client, reason }) => [client, reason])).toEqual([['silent', 'ERR_DYNOBOT_LIMIT_HEARTBEAT']]);
    expect(innocent.connected).toBe(true);
  });

  it('does not take for stopped who is busy for half of the time, again and again', async () => {
    await begin({ heartbeat: 1_400 });
    const busy = new Child(new URL('fixtures/busy-client.ts', import.meta.url), { HOST: host.name, BUSY: '700' });
    await busy.message('it is plugged in');
    await innocent.services.work.slow(4_300);
    expect((await host.inspect()).sessions.map(({ client }) => client)).toContain('busy');
    expect(await host.ended()).toEqual([]);
    await busy.end();
  });

  it('can be turned off', async () => {
    await begin({ heartbeat: 0 });
    const { peer } = await ByHand.greeted(host.name, 'silent');
    peer.say([14]);
    await innocent.services.work.slow(500);
    expect((await host.inspect()).sessions).toHaveLength(2);
  });
});
