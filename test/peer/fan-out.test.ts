import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CompactEncoder } from '../../src/compact/encoder.js';
import { connect, host as hosting, type Connection } from '../../src/index.js';
import { memoryPair } from '../../src/transports/memory.js';
import { HostProcess } from '../support/host-process.js';
import { CHANGES, newsOf, type News } from './fixtures/fan-out-host.js';

// The first session's is encoded, if it is large the second's again, the third's compared: so three before who meddles, and after.
const SESSIONS = 3;

let host: HostProcess;
const clients: Connection<{ emitter: EventEmitter }>[] = [];
const heard: unknown[][][] = [];

async function listen(): Promise<void> {
  for (let i = 0; i < SESSIONS; i++) {
    const client = await host.connect<{ emitter: EventEmitter }>();
    const events: unknown[][] = [];
    client.services.emitter.on('news', (...args: unknown[]) => events.push(args));
    await client.services.emitter.listenerCount('news');
    clients.push(client);
    heard.push(events);
  }
}

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/fan-out-host.ts', import.meta.url));
  await listen();
  await host.ask('meddle');
  await listen();
});

afterAll(async () => {
  await host.isClean(...clients);
  expect(host.stderr).toBe('');
  await host.stop();
});

describe.each([3, 400])('one event for many sessions is as each of them would have got it locally (%i rows)', (rows) => {
  it.each(Object.keys(CHANGES))('a listener in between changes %s', async (name) => {
    for (const events of heard) events.length = 0;
    await host.ask('emit', name, rows);
    const changed = newsOf(rows);
    CHANGES[name]!(changed);
    await expect.poll(() => heard.map(({ length }) => length)).toEqual(heard.map(() => 1));
    heard.forEach(([event], at) => {
      const expected = at < SESSIONS ? newsOf(rows) : changed;
      const [news, ...others] = event as [News, ...unknown[]];
      expect(others).toEqual(['said', rows]);
      expect(Object.keys(news.user)).toEqual(Object.keys(expected.user));
      expect(news.twin === news.user).toBe(expected.twin === expected.user);
      for (const { user } of [news, expected]) if (typeof user.more === 'function') user.more = 'a function';
      expect(news).toStrictEqual(expected);
    });
  });
});

it.each([[3, 1], [400, 2]])('is encoded for the first of them (%i rows)', async (rows, most) => {
  // In one process, to be able to count: here it is only about what the host does.
  const emitter = new EventEmitter();
  const hosted = await hosting({ emitter });
  const connections = await Promise.all(Array.from({ length: 20 }, () => {
    const [near, far] = memoryPair();
    hosted.attach(near);
    return connect<{ emitter: EventEmitter }>(far, { reconnect: false });
  }));
  const all = connections.map(({ services }) => new Promise((resolve) => services.emitter.on('news', resolve)));
  await Promise.all(connections.map(({ services }) => services.emitter.listenerCount('news')));
  const news = newsOf(rows);
  // Before the first one large data is not expected.
  emitter.emit('news', newsOf(rows));
  await Promise.all(all);
  const texts = vi.spyOn(JSON, 'stringify');
  const bytes = vi.spyOn(CompactEncoder.prototype, 'finish');
  emitter.emit('news', news);
  const encoded = texts.mock.results.filter(({ value }) => String(value).includes('"bob"')).length + bytes.mock.calls.length;
  vi.restoreAllMocks();
  expect(encoded).toBeLessThanOrEqual(most);
  await hosted.close();
});
