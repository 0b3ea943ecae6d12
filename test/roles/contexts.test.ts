import { EventEmitter } from 'node:events';
import { EventEmitter as EventEmitter3 } from 'eventemitter3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byReference, connect, host, type Connection, type Host } from '../../src/index.js';
import { eventually } from '../support/eventually.js';

/** What of an eventemitter3 is used here. */
interface Three {
  on(event: string, listener: (this: unknown, n: number) => void, context?: unknown): void;
  once(event: string, listener: (this: unknown, n: number) => void, context?: unknown): void;
  off(event: string, listener?: unknown, context?: unknown): void;
}

let emitter: EventEmitter3;
let nodes: EventEmitter;
let hosted: Host;
let names = 0;
const connections: Connection<unknown>[] = [];

beforeEach(async () => {
  emitter = byReference(new EventEmitter3());
  nodes = new EventEmitter();
  hosted = await host({ emitter, nodes }, { name: `contexts-${process.pid}-${++names}` });
});

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  await hosted.close();
  expect([...emitter.eventNames(), ...nodes.eventNames()]).toEqual([]);
});

async function take(instance: string): Promise<{ three: Three; connection: Connection<unknown> }> {
  const connection = await connect<{ emitter: EventEmitter3 }>(hosted.name, { role: 'job', instance, reconnect: false });
  connections.push(connection);
  return { three: connection.services.emitter as unknown as Three, connection };
}

class Worker {
  readonly heard: number[] = [];
  hear(n: number): void {
    this.heard.push(n);
  }
}

async function works(instance: string): Promise<{ heard: number[]; connection: Connection<unknown> }> {
  const { three, connection } = await take(instance);
  const worker = new Worker();
  three.on('x', worker.hear as (n: number) => void, worker);
  await connection.ready();
  return { heard: worker.heard, connection };
}

describe('listeners with a context, in a role', () => {
  it('are given each event once, among all processes, and each is called on its own', async () => {
    const [a, b] = [await works('a'), await works('b')];
    for (let n = 1; n <= 10; n++) emitter.emit('x', n);
    const all = (): unknown[] => [...a.heard, ...b.heard].sort((m, n) => m - n);
    await eventually('what was heard', all, Array.from({ length: 10 }, (_, i) => i + 1));
    expect(emitter.listenerCount('x')).toBe(1);
    expect(a.heard.length).toBeGreaterThan(0);
    expect(b.heard.length).toBeGreaterThan(0);
  });

  it('are given by the next process what was emitted while there was none', async () => {
    const { connection } = await works('a');
    await connection.close();
    await eventually('the role to be vacant', () => hosted.inspect().roles[0]?.members.length, 0);
    emitter.emit('x', 1);
    expect(hosted.inspect().roles[0]!.parked.events).toBe(1);
    const next = await works('a');
    await eventually('what was heard', () => next.heard, [1]);
    expect(hosted.inspect().roles[0]!.dropped).toEqual([]);
  });

  it('may differ in one process, which has one event in hand until all of them have heard', async () => {
    const { three, connection } = await take('a');
    const heard: unknown[] = [];
    const hear = function (this: unknown, n: number): void { heard.push([this === one ? 'one' : this === other ? 'other' : this === three ? 'three' : this, n]); };
    const [one, other] = [{ one: 1 }, () => {}];
    for (const context of [one, other, undefined, one, null]) three.on('x', hear, context);
    three.once('x', hear, other);
    await connection.ready();
    emitter.emit('x', 1);
    await eventually('what was heard', () => heard, [['one', 1], ['other', 1], ['three', 1], ['one', 1], ['three', 1], ['other', 1]]);
    three.off('x', hear, one);
    await connection.inspect();
    emitter.emit('x', 2);
    await eventually('what was heard', () => heard.slice(6), [['other', 2], ['three', 2], ['three', 2]]);
    await eventually('events in hand', () => hosted.inspect().roles[0]!.members[0]!.inHand, 0);
    expect(emitter.listenerCount('x')).toBe(1);
  });
});

/** What takes a third argument although the emitter knows none. */
interface Lenient {
  on(event: string, listener: (n: number) => void, ignored?: unknown): void;
  once(event: string, listener: (n: number) => void): void;
}

describe("listeners of Node's emitters, in a role", () => {
  const taken = async (name: string, instance: string): Promise<{ emitter: Lenient; connection: Connection<unknown> }> => {
    const connection = await connect<Record<string, EventEmitter>>(name, { role: 'job', instance, reconnect: false });
    connections.push(connection);
    return { emitter: connection.services['nodes'] as unknown as Lenient, connection };
  };

  it('have no context: what else they are attached with is ignored, and each event goes to one process', async () => {
    const heard: unknown[] = [];
    for (const instance of ['a', 'b']) {
      const { emitter: far, connection } = await taken(hosted.name, instance);
      far.on('x', function (this: unknown, n: number) { heard.push([this === far, n]); }, { not: 'a context' });
      await connection.ready();
    }
    expect(nodes.listenerCount('x')).toBe(1);
    for (let n = 1; n <= 4; n++) nodes.emit('x', n);
    await eventually('what was heard', () => heard.length, 4);
    expect(heard).toEqual(expect.arrayContaining([1, 2, 3, 4].map((n) => [true, n])));
  });

  it('are one for all of them on an emitter in a third process, too, also if each is for one event', async () => {
    const far = await host({ nodes }, { name: `contexts-far-${process.pid}` });
    const between = await connect<{ nodes: EventEmitter }>(far.name);
    hosted.publish('nodes', between.services.nodes);
    const heard: number[] = [];
    for (const instance of ['a', 'b']) {
      const { emitter: mine, connection } = await taken(hosted.name, instance);
      mine.once('x', (n) => heard.push(n));
      await connection.ready();
    }
    await between.inspect();
    expect(nodes.listenerCount('x')).toBe(1);
    nodes.emit('x', 1);
    await eventually('what was heard', () => heard, [1]);
    nodes.emit('x', 2);
    await eventually('what was heard', () => heard, [1, 2]);
    await eventually('listeners', () => nodes.listenerCount('x'), 0);
    await between.close();
    await far.close();
  });
});
