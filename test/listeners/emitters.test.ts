import { errorMonitor, EventEmitter, on, once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { NONE, type Counts, type Services } from './fixtures/emitters.js';
import { EMITTERS_HOST } from './setup.js';

let host: HostProcess;
let connection: Connection<Services>;
let services: Connection<Services>['services'];
let heard: unknown[];
let hear: (...args: unknown[]) => void;

beforeAll(async () => {
  host = await HostProcess.start(EMITTERS_HOST);
});

beforeEach(async () => {
  connection = await host.connect();
  ({ services } = connection);
  heard = [];
  hear = (...args) => void heard.push(args.length === 1 ? args[0] : args);
});

afterEach(async () => {
  await host.isClean(connection);
  expect(await counts()).toEqual(NONE);
});

afterAll(async () => {
  expect(await host.ask('errors')).toEqual([]);
  await host.stop();
});

const counts = (): Promise<Counts> => host.ask<Counts>('counts');

/** A call is carried out after whatever was sent before it. */
async function sent(): Promise<void> {
  await connection.inspect();
}

async function hasHeard(expected: unknown[]): Promise<void> {
  await sent();
  await eventually('what was heard', () => heard, expected);
}

/** Node's and eventemitter3's, as far as they are the same. */
interface AnyEmitter {
  on(event: string, listener: unknown): this;
  once(event: string, listener: unknown): this;
  addListener(event: string, listener: unknown): this;
  off(event: string, listener: unknown): this;
  removeListener(event: string, listener: unknown): this;
  removeAllListeners(event?: string): this;
}

it('hears what was emitted before `off` got there, and nothing after the answer to a call that follows it', async () => {
  let answered: Promise<number> | undefined;
  const listener = (n: number): void => {
    heard.push(n);
    if (n !== 2) return;
    services.node.off('burst', listener);
    answered = sent().then(() => heard.length);
  };
  services.node.on('burst', listener);
  await sent();
  await host.ask('burst', 1000);
  await eventually('whether it was detached', () => answered !== undefined, true);
  expect(await answered).toBe(1000);
  await host.ask('burst', 10);
  await hasHeard(Array.from({ length: 1000 }, (_, n) => n));
});

describe.each([['node', 'emitNode'], ['three', 'emitThree']] as const)('an emitter (%s)', (name, emit) => {
  const emitter = (): AnyEmitter => services[name] as unknown as AnyEmitter;

  it('hears with on and addListener, removes with off and removeListener, and chains', async () => {
    expect(emitter().on('x', hear)).toBe(emitter());
    expect(emitter().on('y', hear).addListener('x', hear)).toBe(emitter());
    await sent();
    expect((await counts())[name]).toBe(3);
    await host.ask(emit, 'x', 1, { two: [2] });
    await hasHeard([[1, { two: [2] }], [1, { two: [2] }]]);
    emitter().off('x', hear).removeListener('x', hear).off('x', hear).off('y', () => {});
    await sent();
    expect((await counts())[name]).toBe(1);
    await host.ask(emit, 'x', 3);
    await host.ask(emit, 'y', 4);
    await hasHeard([[1, { two: [2] }], [1, { two: [2] }], 4]);
    expect(connection.tables.listeners).toBe(0);
    expect((await host.sessions())[0]!.listeners).toBe(1);
  });

  it('fires once when asked to', async () => {
    emitter().once('x', hear).once('gone', hear).off('gone', hear);
    await sent();
    await host.ask(emit, 'x', 1);
    await host.ask(emit, 'x', 2);
    await hasHeard([1]);
    expect([(await counts())[name], (await host.sessions())[0]!.listeners]).toEqual([0, 0]);
  });

  it('is left by removeAllListeners of one client with what others and the host itself have attached', async () => {
    const other = await host.connect<Services>();
    (other.services[name] as unknown as AnyEmitter).on('x', hear);
    await other.inspect();
    emitter().on('x', hear).once('x', hear).on('y', hear);
    if (name === 'node') await host.ask('addOwn', 'x');
    emitter().removeAllListeners('x');
    await sent();
    expect((await counts())[name]).toBe(name === 'node' ? 3 : 2);
    emitter().removeAllListeners();
    await sent();
    await host.ask(emit, 'x', 'only the other');
    await eventually('what was heard', () => heard, ['only the other']);
    await other.close();
    if (name === 'node') {
      await eventually('listeners', async () => (await counts()).node, 1);
      await host.ask('removeAll', 'x');
    }
  });
});

describe('an EventEmitter', () => {
  it('keeps the order of prepended listeners', async () => {
    const { node } = services;
    node.on('x', () => heard.push('on'));
    node.prependListener('x', () => heard.push('prepended'));
    node.prependOnceListener('x', () => heard.push('once'));
    await sent();
    await host.ask('emitNode', 'x');
    await host.ask('emitNode', 'x');
    await hasHeard(['once', 'prepended', 'on', 'prepended', 'on']);
  });

  it('calls listeners on itself', async () => {
    const { node } = services;
    node.on('x', function (this: unknown) {
      heard.push(this === node);
    });
    await sent();
    await host.ask('emitNode', 'x');
    await hasHeard([true]);
  });

  it('works with events.once and events.on', async () => {
    const node = services.node as unknown as EventEmitter;
    const first = once(node, 'x');
    await sent();
    await host.ask('emitNode', 'x', 1, 'one');
    expect(await first).toEqual([1, 'one']);
    const failing = once(node, 'x').catch((error: Error) => error.message);
    await sent();
    await host.ask('emitNode', 'error', { message: 'as an object' });
    expect(await failing).toBe('as an object');
    const got: unknown[] = [];
    const events = on(node, 'y');
    await sent();
    for (const n of [1, 2, 3]) await host.ask('emitNode', 'y', n);
    for await (const [n] of events as AsyncIterable<unknown[]>) {
      got.push(n);
      if (n === 3) break;
    }
    expect(got).toEqual([1, 2, 3]);
    await sent();
    expect(await counts()).toEqual(NONE);
  });

  it('refuses what is no listener at once', () => {
    expect(() => services.node.on('x', 'no' as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }) as Error);
  });

  it('has listeners removed by its host, of which no trace stays', async () => {
    const { node } = services;
    node.on('x', hear).once('x', hear).on('y', hear);
    await sent();
    await host.ask('removeAll');
    await host.ask('emitNode', 'x');
    await host.holdsOnlyServices(connection);
    node.on('x', hear);
    await sent();
    await host.ask('emitNode', 'x', 'again');
    await hasHeard(['again']);
  });
});

describe('an EventEmitter, in full', () => {
  it('lets who only looks on hear of errors, and throws them all the same', async () => {
    const { node } = services;
    node.on(errorMonitor, (error: Error) => heard.push(error.message));
    await sent();
    await expect(node.emit('error', new Error('broken'))).rejects.toThrow('broken');
    await hasHeard(['broken']);
    expect((await node.eventNames()).map(String)).toEqual([String(errorMonitor)]);
  });

  it('removes one by what rawListeners shows of it', async () => {
    const { node } = services;
    node.once('x', hear).on('x', hear);
    const [wrapper] = await node.rawListeners('x');
    node.off('x', wrapper as never);
    await sent();
    await host.ask('emitNode', 'x', 1);
    await host.ask('emitNode', 'x', 2);
    await hasHeard([1, 2]);
  });
});

describe('an eventemitter3', () => {
  /** With what Node's emitters do not take. */
  const three = () => services.three as unknown as { [method in 'on' | 'once' | 'off']: (event: string, listener?: unknown, context?: unknown, once?: boolean) => unknown };
  const count = async (): Promise<number> => (await sent(), (await counts()).three);

  it('calls listeners on the very context that they have, also on data', async () => {
    const context = { plain: true };
    const listener = function (this: unknown): void { heard.push(this === context); };
    three().on('x', listener, context);
    await sent();
    await host.ask('emitThree', 'x');
    await hasHeard([true]);
    three().off('x', listener, { plain: true });
    expect(await count()).toBe(1);
    three().off('x', listener, context);
    expect(await count()).toBe(0);
  });

  it('leaves data that is a context as it is: elsewhere it is copied', async () => {
    const context = { plain: true };
    three().on('x', hear, context);
    services.node.on('x', hear as never);
    await (services.node as unknown as { emit(...args: unknown[]): Promise<boolean> }).emit('x', context);
    await hasHeard([context]);
    expect(heard[0]).not.toBe(context);
  });

  it('calls listeners on itself for a context that is none, and tells functions and texts from each other', async () => {
    const context = (): void => {};
    const listener = function (this: unknown): void { heard.push(this === context ? 'function' : this === services.three ? 'itself' : this); };
    for (const one of [context, 0, null, 'text', 'other']) three().on('x', listener, one);
    three().off('x', listener, 'other');
    expect(await count()).toBe(4);
    three().off('x', listener, 'text');
    await sent();
    await host.ask('emitThree', 'x');
    await hasHeard(['function', 'itself', 'itself']);
  });

  it('removes as it does locally: every one of a listener, by its context, only those for one event', async () => {
    const [one, other] = [{}, {}];
    for (const context of [one, other, undefined]) three().on('x', hear, context);
    three().once('x', hear, one);
    three().off('x', hear, undefined, true);
    expect(await count()).toBe(3);
    three().off('x', hear, other);
    expect(await count()).toBe(2);
    three().off('x', hear);
    expect(await count()).toBe(0);
  });

  it('removes all of an event that this client has attached, and nothing of others, if no listener is named', async () => {
    const another = await host.connect<Services>();
    (another.services.three as unknown as AnyEmitter).on('x', hear);
    await another.inspect();
    three().on('x', () => {});
    three().on('x', hear);
    three().off('x');
    expect(await count()).toBe(1);
    await another.close();
  });
});

describe('an EventTarget', () => {
  it('hears events, once, captured, with a signal, and takes objects with handleEvent', async () => {
    const { target } = services;
    const controller = new AbortController();
    const handler = { handleEvent(this: unknown, event: Event): void { heard.push([event.type, this === handler]); } };
    const listener = (event: CustomEvent): void => void heard.push(event.detail);
    expect(target.addEventListener('x', listener as never)).toBeUndefined();
    target.addEventListener('x', listener as never);
    target.addEventListener('x', listener as never, { capture: true, once: true });
    target.addEventListener('x', handler as never);
    target.addEventListener('y', listener as never, { signal: controller.signal });
    await sent();
    expect((await counts()).target).toBe(4);
    await host.ask('dispatch', 'x', { n: 1 });
    await hasHeard([{ n: 1 }, { n: 1 }, ['x', true]]);
    await host.ask('dispatch', 'x', { n: 2 });
    await eventually('how much was heard', () => heard.length, 5);
    target.removeEventListener('x', listener as never);
    target.removeEventListener('x', handler as never);
    controller.abort();
    await sent();
    await host.ask('dispatch', 'x', 3);
    await host.ask('dispatch', 'y', 3);
    await sent();
    expect(heard).toHaveLength(5);
    target.addEventListener('y', listener as never);
    await sent();
    await host.ask('dispatch', 'y', 'again');
    await eventually('what was heard at last', () => heard.at(-1), 'again');
  });
});

describe('declared pairs', () => {
  it('return what ends the subscription, in every form', async () => {
    const { store } = services;
    const ends = [store.subscribe(hear), store.observe({ next: hear }), store.effect(hear)] as const;
    store.watch('k', hear);
    await sent();
    await host.ask('collect');
    expect((await counts()).store).toBe(4);
    await host.ask('setStore', 'v');
    await hasHeard(['v', 'v', 'v', 'v']);
    ends[0]();
    ends[1].unsubscribe();
    ends[2].dispose();
    store.unwatch('k', hear);
    await eventually('subscriptions', async () => (await counts()).store, 0);
    expect((await host.sessions())[0]!.listeners).toBe(0);
  });

  it('have the arguments of their own, also under the names of an emitter, and return the object if that was declared', async () => {
    const { bus } = services;
    expect(bus.on('a', { last: true }, hear).on('b', { last: true }, () => {})).toBe(bus);
    await sent();
    expect((await counts()).bus).toBe(2);
    await bus.send('v');
    await hasHeard(['v']);
    bus.off('a', { last: true }, hear);
    await sent();
    expect((await counts()).bus).toBe(1);
  });

  it('are ended by the end of the session, also after a collection', async () => {
    const { store } = services;
    store.subscribe(hear);
    store.observe({ next: hear });
    store.effect(hear);
    store.watch('k', hear);
    await sent();
    await host.ask('collect');
    await host.ask('collect');
    expect((await host.sessions())[0]!.listeners).toBe(4);
  });
});
