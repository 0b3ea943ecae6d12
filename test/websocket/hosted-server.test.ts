import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, type WebSocketServer } from 'ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Remote } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';

interface Services {
  wss: WebSocketServer;
  WebSocketServer: typeof WebSocketServer;
}
type Socket = Remote<WebSocket>;

let host: HostProcess;
let connection: Connection<Services>;
let wss: Remote<WebSocketServer>;
let url: string;
const browsers: WebSocket[] = [];
/** Answers that are awaited before a session ends: one that fails is its process's own. */
const sending: Promise<unknown>[] = [];

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/chat-host.ts', import.meta.url));
  url = `ws://127.0.0.1:${await host.ask('port')}`;
});
beforeEach(async () => {
  connection = await host.connect<Services>();
  ({ wss } = connection.services);
});
afterEach(async () => {
  for (const browser of browsers.splice(0)) browser.terminate();
  await host.isClean(connection);
  await eventually('connections', () => host.ask('listeners'), []);
});
afterAll(async () => {
  expect(await host.ask('errors')).toEqual([]);
  expect(host.stderr).toBe('');
  await host.stop();
});

/** A client of the WebSocketServer, and what it is told. */
async function browse(...protocols: string[]): Promise<{ browser: WebSocket; told: string[] }> {
  const browser = new WebSocket(url, protocols);
  browsers.push(browser);
  const told: string[] = [];
  browser.on('message', (data) => told.push(String(data)));
  await once(browser, 'open');
  return { browser, told };
}

/** Handles connections, and gives them as they come. */
function sockets(): Socket[] {
  const come: Socket[] = [];
  wss.on('connection', (socket) => void come.push(socket));
  return come;
}

async function nextSocket(come: Socket[], ...protocols: string[]): Promise<Socket> {
  await connection.inspect();
  await browse(...protocols);
  await eventually('the connections', () => come.length, 1);
  return come[0]!;
}

describe('a hosted WebSocketServer', () => {
  it('gives its sockets one identity, wherever they come from', async () => {
    const come = sockets();
    const socket = await nextSocket(come, 'chat', 'other');
    const [client] = await wss.clients;
    expect(client).toBe(socket);
    expect(await socket.readyState).toBe(WebSocket.OPEN);
    expect([await socket.protocol, await socket.OPEN, await socket.bufferedAmount, await socket.binaryType]).toEqual(['chat', 1, 0, 'nodebuffer']);
    expect(String(socket.constructor.name)).toBe('WebSocket');
  });

  it('tells all its clients', async () => {
    const all = [await browse(), await browse(), await browse()];
    for (const socket of await wss.clients) await socket.send('to all');
    for (const { told } of all) await eventually('what it was told', () => told, ['to all']);
  });

  it('answers a send when it has been written, and says why it was not', async () => {
    const socket = await nextSocket(sockets());
    expect(await new Promise((resolve) => void socket.send('x', (error) => resolve(error ?? 'written')))).toBe('written');
    await expect(Promise.resolve(socket.close(99))).rejects.toThrow('First argument must be a valid error code number');
    void socket.terminate();
    const error = await new Promise<Error | undefined>((resolve) => void socket.send('x', resolve));
    expect(error?.message).toMatch(/WebSocket is not open/);
  });

  it('keeps its connections, and their clients hear of nothing, when one handler goes and another comes', async () => {
    const { browser, told } = await browse();
    const before = await Promise.all(['connections', 'listeners'].map((what) => host.ask(what)));
    for (const version of ['one', 'two', 'three']) {
      const handler = await host.connect<Services>();
      for (const socket of await handler.services.wss.clients) {
        socket.on('message', (data) => void sending.push(socket.send(`${version}: ${String(data)}`)));
      }
      await handler.inspect();
      browser.send('hello');
      await eventually('the answer', () => told.at(-1), `${version}: hello`);
      await Promise.all(sending.splice(0));
      await handler.close();
      await eventually('listeners of the socket', () => host.ask('listeners'), before[1]);
    }
    expect(told.length).toBe(3);
    expect(browser.readyState).toBe(WebSocket.OPEN);
    expect(await host.ask('connections')).toBe(before[0]);
  });

  it('keeps a connection whose handler, which was given it with its request, has gone', async () => {
    const handler = await host.connect<Services>();
    const urls: unknown[] = [];
    handler.services.wss.on('connection', (socket, request) => {
      urls.push(request.url);
      socket.on('message', (data) => void sending.push(socket.send(`answer to ${String(data)}`)));
    });
    await handler.inspect();
    const { browser, told } = await browse();
    browser.send('one');
    await eventually('the answer', () => told, ['answer to one']);
    expect(urls).toEqual(['/']);
    await Promise.all(sending.splice(0));
    await handler.close();
    for (const socket of await wss.clients) await socket.send('still there');
    await eventually('what it was told', () => told, ['answer to one', 'still there']);
    expect(browser.readyState).toBe(WebSocket.OPEN);
  });

  it('asks a client, in another process, whom to let in', async () => {
    const asked: unknown[] = [];
    const verifyClient = (info: { origin: string; secure: boolean }, answer: (good: boolean, code?: number) => void): void => {
      asked.push([info.origin, info.secure]);
      answer(info.origin === 'http://friend', 418);
    };
    const guarded = await new connection.services.WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient });
    const { port } = (await guarded.address()) as AddressInfo;
    const knock = (origin: string) => new WebSocket(`ws://127.0.0.1:${port}`, { origin });
    await once(knock('http://friend'), 'open').then(() => asked.push('in'));
    const [error] = (await once(knock('http://foe'), 'error')) as [Error];
    expect(error.message).toBe('Unexpected server response: 418');
    expect(asked).toEqual([['http://friend', false], 'in', ['http://foe', false]]);
    for (const socket of await guarded.clients) void socket.terminate();
    await new Promise((closed) => void guarded.close(closed));
  });
});
