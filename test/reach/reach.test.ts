import { connect as connectTcp } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { connect, host as hosting, set, snapshot, type Remote, type RemoteError } from '../../src/index.js';
import { connectSync } from 'dynobot/sync';
import { beside } from '../peer/beside.js';
import { ByHand } from '../peer/by-hand.js';
import type { Channel, Services } from './fixtures/reach-host.js';

const DENIED = { code: 'ERR_DYNOBOT_DENIED', kind: 'refused' };

const at = beside<Services>(new URL('fixtures/reach-host.ts', import.meta.url));

describe('allow', () => {
  it('lets through what is named, and nothing else', async () => {
    const { irc } = at.innocent.services;
    expect(await irc.nick).toBe('bob');
    expect(await irc.say('#x', 'hi')).toBe('#x: hi');
    await expect(irc.quit()).rejects.toMatchObject(DENIED);
    await expect((async () => irc.password)()).rejects.toMatchObject(DENIED);
  });

  it('holds for what calls, promises, iterators, callbacks and events hand out', async () => {
    const { irc } = at.innocent.services;
    const channel = await irc.channel('#x');
    expect(await channel.join()).toBe('joined #x');
    await expect(channel.ban()).rejects.toMatchObject(DENIED);
    await expect((await channel.owner()).greet()).rejects.toMatchObject(DENIED);
    const { channel: later } = await irc.later();
    expect(await later.join()).toBe('joined later');
    await expect(later.ban()).rejects.toMatchObject(DENIED);
    for await (const listed of await irc.channels()) {
      expect(await listed.join()).toBe('joined listed');
      await expect(listed.ban()).rejects.toMatchObject(DENIED);
    }
    await irc.each(async (each) => {
      expect(await each.join()).toBe('joined each');
      await expect(each.ban()).rejects.toMatchObject(DENIED);
    });
    const heard = new Promise<{ reply(): Promise<string>; channel: Remote<Channel> }>((resolve) => irc.on('message', resolve as never));
    await irc.nick;
    await at.host.ask('emit');
    const event = await heard;
    expect(await event.reply()).toBe('replied');
    expect(await event.channel.join()).toBe('joined event');
    await expect(event.channel.ban()).rejects.toMatchObject(DENIED);
  });

  it('is not escaped by way of a service that lets everything through', async () => {
    const { irc, open } = at.innocent.services;
    const channel = await irc.channel('#x');
    const again = await (open.echo(channel) as unknown as Promise<typeof channel>);
    expect(again).toBe(channel);
    await expect(again.ban()).rejects.toMatchObject(DENIED);
  });

  it('hides what is denied from the snapshot', async () => {
    const { peer } = await ByHand.connect(at.host.name).then(async (one) => {
      one.say([0, 'dynobot', 1, { name: 'hand', pid: 1, services: 0 }]);
      await one.hears(([verb, name]) => verb === 8 && name === 'vault');
      return { peer: one };
    });
    const said = JSON.stringify(peer.received.filter(([verb, name]) => verb === 8 && (name === 'irc' || name === 'vault' || name === 'denying')));
    expect(said).toContain('bob');
    expect(said).not.toContain('hunter2');
  });
});

it('deny refuses what is named, at any depth', async () => {
  const { denying } = at.innocent.services;
  expect(await denying.nick).toBe('bob');
  await expect((async () => denying.password)()).rejects.toMatchObject(DENIED);
  await expect(denying.quit()).rejects.toMatchObject(DENIED);
  const channel = await denying.channel('#x');
  expect(await channel.join()).toBe('joined #x');
  await expect(channel.ban()).rejects.toMatchObject(DENIED);
  await expect((async () => (await channel.owner()).secret)()).rejects.toMatchObject(DENIED);
  expect(await (await channel.owner()).greet()).toBe('hello');
});

describe('of plain objects, which are copied, what is denied is left out', () => {
  it('in properties, results, maps, promises, iterators and streams', async () => {
    const { store } = at.innocent.services;
    expect(await store.config).toEqual({ host: 'h', deep: { port: 1 } });
    expect(await store.made).toEqual({ nested: { count: 1 } });
    expect(await store.entries()).toEqual(new Map([['a', { id: 1 }]]));
    expect(await store.later()).toEqual({ done: false, value: { password: 'hunter2', id: 2 } });
    for await (const entry of await store.each()) expect(entry).toEqual({ id: 3 });
    expect(await (await store.promised()).soon).toEqual({ id: 4 });
    for await (const chunk of await store.stream()) expect(chunk).toEqual({ id: 5 });
    const circle = (await store.circle()) as { self: unknown; list: unknown[] };
    expect(Object.keys(circle)).toEqual(['list', 'self']);
    expect([circle.self, circle.list[2], circle.list.length, 0 in circle.list]).toEqual([circle, circle, 3, false]);
  });

  it('in what callbacks and listeners get', async () => {
    const { store } = at.innocent.services;
    const told: unknown[] = [];
    await store.tell((data) => told.push(data));
    store.once('data', (...args: unknown[]) => told.push(...args));
    await store.entries();
    await at.host.ask('emitData');
    await expect.poll(() => told).toEqual([{ id: 6 }, { id: 7 }, [{ nested: { password: 'hunter2', id: 8 } }]]);
  });

  it('functions, too; those that are left work on the original, and a guard sees their names', async () => {
    const { store, looking } = at.innocent.services;
    const api = await store.api();
    expect([Object.keys(api), Object.keys(await api.admin)]).toEqual([['total', 'add', 'admin'], ['look']]);
    expect([await api.add(2), await api.add(3)]).toEqual([2, 5]);
    await at.host.ask('calls');
    expect(await (await (await looking.api()).admin).wipe()).toBe('wiped');
    expect((await at.host.ask<{ path: string }[]>('calls')).map(({ path }) => path)).toEqual(['api', 'api.admin.wipe']);
  });

  it('for who blocks as for others', () => {
    const blocking = connectSync<{ store: Services['store'] }>(at.host.name);
    const { store } = blocking.services;
    expect(store.config).toEqual({ host: 'h', deep: { port: 1 } });
    expect(Object.getOwnPropertyDescriptor(store, 'config')!.value).toEqual({ host: 'h', deep: { port: 1 } });
    expect([...store.entries()]).toEqual([['a', { id: 1 }]]);
    expect(Object.keys(store.api())).toEqual(['total', 'add', 'admin']);
    void blocking.close();
  });
});

it('a function that refuses does so by whatever is true', async () => {
  const { store } = at.innocent.services;
  await expect((async () => store.tags)()).rejects.toMatchObject(DENIED);
  const refused = new Promise((resolve) => at.innocent.once('error', resolve));
  set(store, 'config', { host: 'x', password: '', deep: { password: '', port: 0 } });
  expect(await refused).toMatchObject(DENIED);
});

it('what a service is itself can be denied: a function\'s call, a class\'s construction', async () => {
  const { doubling, Owner } = at.innocent.services;
  await expect(doubling(1)).rejects.toMatchObject({ ...DENIED, message: 'doubling is not for clients to use' });
  await expect((async () => new Owner())()).rejects.toMatchObject(DENIED);
});

it('what is guarded tells nothing unasked', async () => {
  const { guarded } = at.innocent.services;
  expect(snapshot(guarded)).toEqual({});
  const blocking = connectSync<{ guarded: Services['guarded'] }>(at.host.name);
  await at.host.ask('calls');
  expect(blocking.services.guarded.password).toBe('hunter2');
  expect(Object.keys(blocking.services.guarded)).toContain('password');
  expect((await at.host.ask<{ path: string; operation: string }[]>('calls')).map(({ path, operation }) => [path, operation])).toContainEqual(['password', 'get']);
  void blocking.close();
});

it('a method that has several names is allowed and denied by each', async () => {
  const { bare, mute } = at.innocent.services;
  const errors: string[] = [];
  const note = (error: unknown): void => void errors.push((error as Error).message);
  at.innocent.on('error', note);
  const heard = (): void => {};
  bare.on('x', heard).addListener('x', heard).removeListener('x', heard).off('x', heard);
  mute.addListener('x', heard);
  await at.innocent.services.open.echo(0);
  at.innocent.off('error', note);
  expect(errors).toEqual(['on is not for clients to use']);
});

it('an accessor of what is restricted is shown with its value: nobody gets its setter', () => {
  const blocking = connectSync<{ lamp: { watts: number } }>(at.host.name);
  const { lamp } = blocking.services;
  expect(Object.getOwnPropertyDescriptor(lamp, 'watts')).toEqual({ value: 9, writable: false, enumerable: true, configurable: true });
  expect(() => (lamp.watts = 1000)).toThrow(expect.objectContaining(DENIED) as Error);
  expect(lamp.watts).toBe(9);
  void blocking.close();
});

it('readOnly refuses assignments of what is named', async () => {
  const { fixed } = at.innocent.services;
  const errors: string[] = [];
  const note = (error: unknown): void => void errors.push((error as Error).message);
  at.innocent.on('error', note);
  set(fixed, 'nick', 'eve');
  set(fixed, 'connected', false);
  const channel = await fixed.channel('#x');
  set(channel, 'topic', 'news');
  expect(await fixed.nick).toBe('bob');
  expect(await fixed.connected).toBe(false);
  expect(await channel.topic).toBe('none');
  at.innocent.off('error', note);
  expect(errors).toEqual(['nick is not for clients to assign', 'channel.topic is not for clients to assign']);
});

it('guard sees session, path and arguments, and refuses by false or by throwing', async () => {
  const { guarded } = at.innocent.services;
  await at.host.ask('calls');
  expect(await guarded.say('#x', 'hi')).toBe('#x: hi');
  await expect(guarded.say('#secret', 'hi')).rejects.toMatchObject(DENIED);
  await expect(guarded.quit()).rejects.toThrow(new RangeError('not today'));
  const channel = await guarded.channel('#x');
  await expect(channel.ban()).rejects.toMatchObject({ ...DENIED, message: 'a guard must not be async: nothing was done' });
  expect(await at.host.ask('calls')).toEqual([
    { client: 'innocent', service: 'guarded', path: 'say', operation: 'call', args: ['#x', 'hi'] },
    { client: 'innocent', service: 'guarded', path: 'say', operation: 'call', args: ['#secret', 'hi'] },
    { client: 'innocent', service: 'guarded', path: 'quit', operation: 'call', args: [] },
    { client: 'innocent', service: 'guarded', path: 'channel', operation: 'call', args: ['#x'] },
    { client: 'innocent', service: 'guarded', path: 'channel.ban', operation: 'call', args: [] },
  ]);
});

describe('a message by hand', () => {
  async function greeted(): Promise<{ peer: ByHand; ids: Map<string, number> }> {
    const peer = await ByHand.connect(at.host.name);
    peer.say([0, 'dynobot', 1, { name: 'hand', pid: 1, services: 0 }]);
    await peer.hears(([verb, name]) => verb === 8 && name === 'mute');
    const ids = new Map(peer.received.filter(([verb]) => verb === 8).map(([, service, reference]) => [String(service), (reference as number[])[2]!]));
    return { peer, ids };
  }

  /** The code of the error that answers the call; undefined if it returns. */
  async function codeOf(peer: ByHand, call: number): Promise<unknown> {
    const answer = await peer.hears(([verb, id]) => (verb === 2 || verb === 3) && id === call);
    return answer[0] === 3 ? ((answer[2] as unknown[])[2] as unknown[])[0] : undefined;
  }

  it('cannot take a method off its object', async () => {
    const { peer, ids } = await greeted();
    peer.say([1, 1, ids.get('guarded'), 2, 'on', [], 0]);
    expect(await codeOf(peer, 1)).toBe('ERR_DYNOBOT_DENIED');
  });

  it('cannot replace a method', async () => {
    const { peer, ids } = await greeted();
    peer.say([1, 1, ids.get('guarded'), 3, 'emit', [5], 0]);
    expect(await codeOf(peer, 1)).toBe('ERR_DYNOBOT_DENIED');
  });

  it('cannot call a function on an object that is restricted', async () => {
    const { peer, ids } = await greeted();
    peer.say([1, 1, ids.get('open'), 1, 'taker', [], 0]);
    const answer = await peer.hears(([verb, id]) => verb === 2 && id === 1);
    const taker = (answer[2] as unknown[])[2];
    peer.say([1, 2, taker, 0, 0, [], 0, ['$', 'H', ids.get('vault')]], [1, 3, taker, 0, 0, [], 0, ['$', 'H', ids.get('irc')]]);
    expect(await codeOf(peer, 2)).toBe('ERR_DYNOBOT_DENIED');
    expect(await codeOf(peer, 3)).toBe('ERR_DYNOBOT_DENIED');
  });

  it('cannot have a function of a third process called on an object that is restricted', async () => {
    const calledOn: unknown[] = [];
    await at.innocent.services.open.lend(function (this: unknown) { calledOn.push(this); });
    const { peer, ids } = await greeted();
    peer.say([1, 1, ids.get('open'), 1, 'lent', [], 0]);
    const answer = await peer.hears(([verb, id]) => verb === 2 && id === 1);
    const lent = (answer[2] as unknown[])[2];
    peer.say([1, 2, lent, 0, 0, [], 0, ['$', 'H', ids.get('vault')]], [1, 0, lent, 0, 0, [], 0, ['$', 'H', ids.get('irc')]], [1, 3, lent, 0, 0, [], 0, ['$', 'H', ids.get('open')]]);
    expect(await codeOf(peer, 2)).toBe('ERR_DYNOBOT_DENIED');
    expect(await codeOf(peer, 3)).toBeUndefined();
    expect(calledOn).toEqual([at.innocent.services.open]);
    await at.innocent.services.open.lend(undefined);
  });

  it.each(['vault', 'irc'])('cannot name what is restricted (%s) as the carrier of a stream, a signal, a promise, an iterator', async (name) => {
    for (const carried of [
      (id: number) => ['$', 'NodeStream', { remote: ['$', 'H', id], readable: true, writable: false, encoding: null, readableObjectMode: false, writableObjectMode: false, readableHighWaterMark: 1, writableHighWaterMark: 1 }],
      (id: number) => ['$', 'AbortSignal', [['$', 'H', id], false, 0]],
      (id: number) => ['$', 'Promise', ['$', 'H', id]],
      (id: number) => ['$', 'AsyncIterator', ['$', 'H', id]],
      (id: number) => ['$', 'ReadableStream', ['$', 'H', id]],
    ]) {
      const { peer, ids } = await greeted();
      peer.say([1, 1, ids.get('open'), 1, 'echo', [carried(ids.get(name)!)], 1]);
      expect((await peer.ended()).code).toBe('ERR_DYNOBOT_PROTOCOL');
    }
  });
});

it('a `then` that was received is not called where a value comes by an iterator', async () => {
  const { open } = at.innocent.services;
  const ran: unknown[] = [];
  for await (const one of (await open.handBack({ id: 1, then: () => ran.push('then') })) as AsyncIterable<{ id: number }>) expect(one.id).toBe(1);
  expect(ran).toEqual([]);
});

describe('remote stacks', () => {
  it('are shown to processes of the same user', async () => {
    const error = (await at.innocent.services.denying.fail().catch((failure: unknown) => failure)) as RemoteError;
    expect(error.remoteStack).toContain('reach-host');
  });

  it('are hidden from those that may be others\'', async () => {
    const socket = connectTcp(await at.host.ask<number>('port'), '127.0.0.1');
    const other = await connect<Services>(socket);
    const error = (await other.services.denying.fail().catch((failure: unknown) => failure)) as RemoteError;
    expect(error.message).toBe('it failed');
    expect(error.remoteStack).toBe('');
    expect(error.stack).not.toContain('reach-host');
    await other.close();
  });
});

it('a misspelt rule is refused when the host is made', async () => {
  await expect(hosting({ a: {} }, { reach: { a: { alow: [] } as never } })).rejects.toMatchObject({ code: 'ERR_DYNOBOT_ARGUMENT' });
  await expect(hosting({ a: {} }, { reach: { b: {} } })).rejects.toMatchObject({ code: 'ERR_DYNOBOT_ARGUMENT' });
});

it.each(['then', 'toJSON', 'constructor', '__proto__', 'hasOwnProperty'])('no service can be called %s', async (name) => {
  await expect(hosting(Object.defineProperty({}, name, { value: {}, enumerable: true }) as never)).rejects.toMatchObject({ code: 'ERR_DYNOBOT_ARGUMENT' });
});

it('what is denied is left out of whatever holds it: events, reasons, errors and what is thrown', async () => {
  const { holders } = at.innocent.services;
  const seen = (value: unknown): string => inspect([value, { ...Object(value) as object }, ['detail', 'data', 'reason'].map((key) => Reflect.get(Object(value), key) as unknown)], { depth: 9, showHidden: true });
  for (const name of ['custom', 'message', 'event', 'aborted', 'abortedLater', 'thrown', 'rejected', 'array', 'error', 'aggregate'] as const) {
    const outcome: unknown = await holders[name]().catch((reason: unknown) => reason);
    if (outcome instanceof AbortSignal && !outcome.aborted) await new Promise((resolve) => outcome.addEventListener('abort', resolve));
    expect([name, seen(outcome)]).toEqual([name, expect.stringMatching(/id: 1/)]);
    expect([name, seen(outcome)]).toEqual([name, expect.not.stringMatching(/S3CRET/)]);
  }
});
