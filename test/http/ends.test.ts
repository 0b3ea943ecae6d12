import { request as get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect as dial } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';

let host: HostProcess;
let handlers: TestProcess[] = [];
let port: number;

beforeEach(async () => {
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url));
  port = await host.ask<number>('port');
});

afterEach(async () => {
  for (const handler of handlers) await handler.stop();
  handlers = [];
  expect(await host.ask('errors')).toEqual([]);
  await eventually('sessions', () => host.sessions(), []);
  expect(await host.ask('listeners', 'request')).toBe(1);
  await host.stop();
});

/** `others`: listeners for requests that are there besides. */
async function handle(who = 'handler', others = 1): Promise<TestProcess> {
  const handler = await TestProcess.start(new URL('fixtures/one-handler.ts', import.meta.url), { TEST_HOST: host.name, WHO: who });
  handlers.push(handler);
  await eventually('listeners', () => host.ask('listeners', 'request'), handlers.filter(({ isRunning }) => isRunning).length + others);
  return handler;
}

interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** The whole answer, or the code of the error by which the connection ended. */
async function ask(path: string, headers: OutgoingHttpHeaders = {}): Promise<Reply | string> {
  try {
    const [response] = (await once(get({ port, path, headers, agent: false }).end(), 'response')) as [IncomingMessage];
    return { status: response.statusCode!, headers: response.headers, body: await text(response) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code!;
  }
}

describe('without a handler', () => {
  it('a server answers 503, and says when to come again', async () => {
    const reply = (await ask('/who')) as Reply;
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('1');
    expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    await handle();
    expect(await ask('/who')).toMatchObject({ status: 200, body: 'handler' });
  });

  it('a host answers as it likes', async () => {
    await host.ask('answerOtherwise');
    expect(await ask('/who')).toMatchObject({ status: 503, headers: { 'retry-after': '7' }, body: 'closed for now' });
  });

  it('the host\'s own listeners answer, and are left alone', async () => {
    await host.ask('listenToo');
    expect(await ask('/by-host')).toMatchObject({ status: 200, body: 'by the host' });
    await handle('handler', 2);
    expect(await ask('/who')).toMatchObject({ status: 200, body: 'handler' });
    expect(await ask('/by-host')).toMatchObject({ status: 200, body: 'by the host' });
    handlers[0]!.kill();
    await eventually('sessions', () => host.sessions(), []);
    await host.stop();
    host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url));
  });
});

describe('a handler that is killed', () => {
  it('leaves 502 where it had not begun to answer, and a cut connection where it had', async () => {
    const handler = await handle();
    const [hanging, begun] = [ask('/hang'), ask('/start')];
    await eventually('connections', () => host.ask('connections'), 2);
    await ask('/who');
    handler.kill();
    expect(await hanging).toMatchObject({ status: 502, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(await begun).toBe('ECONNRESET');
    expect(await ask('/who')).toMatchObject({ status: 503 });
  });

  it('leaves the answer that the host has set', async () => {
    await host.ask('answerOtherwise');
    await handle();
    expect(await ask('/die')).toMatchObject({ status: 502, headers: { 'x-own': 'yes' }, body: 'oh dear' });
  });

  it('by its own request leaves 502, and keeps the connection', async () => {
    await handle();
    const socket = dial(port, '127.0.0.1');
    socket.write('GET /die HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    await handle('second');
    socket.write('GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toContain('second');
  });

  it('in the middle of an upload answers 502, and closes the connection', async () => {
    const handler = await handle();
    const upload = get({ port, path: '/up', method: 'POST', agent: false });
    upload.on('error', () => {}).write(Buffer.alloc(500_000));
    await ask('/who');
    handler.kill();
    const [response] = (await once(upload, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(502);
    expect(response.headers.connection).toBe('close');
    upload.destroy();
  });

  it('that has left by closing its connection is the same', async () => {
    const handler = await handle();
    const hanging = ask('/hang');
    await eventually('connections', () => host.ask('connections'), 1);
    await ask('/who');
    await handler.ask('close');
    expect(await hanging).toMatchObject({ status: 502 });
    expect(await handler.ask('tables')).toEqual({ exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0 });
  });
});

describe('several handlers without a role', () => {
  it('each get each request, and the one who answers answers', async () => {
    await handle('a');
    await handle('b');
    for (const who of ['a', 'b', 'a']) expect(await ask('/mine', { 'x-for': who })).toMatchObject({ status: 200, body: who });
  });

  it('the second to answer gets ERR_HTTP_HEADERS_SENT', async () => {
    const [a, b] = [await handle('a'), await handle('b')];
    expect(((await ask('/who')) as Reply).body).toMatch(/^[ab]$/);
    await eventually('errors', async () => [...(await a.ask<string[]>('errors')), ...(await b.ask<string[]>('errors'))], ['ERR_HTTP_HEADERS_SENT']);
  });

  it('one that answers after another throws ERR_HTTP_HEADERS_SENT where it does', async () => {
    const a = await handle('a');
    const b = await handle('b');
    void a;
    const first = ask('/later', { 'x-wait': '10' });
    await first;
    const seen = await eventuallySeen([a, b]);
    expect(seen.sort()).toEqual(expect.arrayContaining(['later: false']));
  });

  it('the others go on when one of them is killed', async () => {
    const a = await handle('a');
    await handle('b');
    const reply = ask('/mine', { 'x-for': 'none' });
    await ask('/mine', { 'x-for': 'a' });
    a.kill();
    await eventually('sessions', async () => (await host.sessions()).length, 1);
    expect(await ask('/who')).toMatchObject({ body: 'b' });
    handlers[1]!.kill();
    expect(await reply).toMatchObject({ status: 502 });
  });
});

async function eventuallySeen(all: TestProcess[]): Promise<string[]> {
  const seen: string[] = [];
  await eventually('what was seen', async () => {
    for (const one of all) seen.push(...(await one.ask<string[]>('seen')));
    return seen.length;
  }, all.length);
  return seen;
}

describe('a request whose response gets nowhere ends as in one process', () => {
  const ended = async (text: string): Promise<{ seen: string[]; received: string }> => {
    const handler = await handle();
    const socket = dial(port, '127.0.0.1', () => socket.write(text));
    const received = (await socket.setEncoding('latin1').toArray()).join('');
    const seen: string[] = [];
    await eventually('the end of the request', async () => {
      seen.push(...(await handler.ask<string[]>('seen')));
      return seen.includes('req close');
    }, true);
    return { seen, received };
  };

  it('that was destroyed, and then ended', async () => {
    const { seen, received } = await ended('GET /destroy-and-end HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(seen).toEqual(['req aborted', 'res close', 'socket close false', 'req error ECONNRESET', 'req close']);
    expect(received).toBe('');
  });

  it('that is behind one with which the connection closes', async () => {
    const { seen, received } = await ended('GET /last HTTP/1.1\r\nHost: x\r\n\r\nGET /behind HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(seen).toEqual(['req aborted', 'socket close false', 'req error ECONNRESET', 'req close']);
    expect(received).toMatch(/last\r\n0\r\n\r\n$/);
  });
});

describe('a client that goes away', () => {
  it('is noticed by the request and the response, as in one process', async () => {
    const handler = await handle();
    const socket = dial(port, '127.0.0.1');
    socket.write('POST /watch HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nsome');
    await once(socket, 'data');
    socket.destroy();
    const seen: string[] = [];
    await eventually('what was seen', async () => {
      seen.push(...(await handler.ask<string[]>('seen')));
      return seen.length >= 5;
    }, true);
    expect(seen).toEqual(['req aborted', 'res close', 'socket close true', 'req error ECONNRESET', 'req close']);
  });
});

it('a client that is refused is let go, although a long answer waits behind one that it does not get any more', async () => {
  await handle();
  const socket = dial(port, '127.0.0.1');
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  socket.write(`${get('/soon')}${get('/much')}hello?\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
});

describe('timeouts', () => {
  it('that a handler sets are those of the real socket', async () => {
    const handler = await handle();
    expect(await ask('/timeout', { 'x-on': 'res' })).toMatchObject({ body: 'timeout of res' });
    expect(await ask('/timeout', { 'x-on': 'socket' })).toBe('ECONNRESET');
    expect(await handler.ask('seen')).toEqual(['timeout of socket']);
  });

  it('of the server end a request that no handler of timeouts takes care of', async () => {
    await handle();
    await host.ask('setTimeout', 50);
    expect(await ask('/hang')).toBe('ECONNRESET');
  });
});

it('headers that the host\'s own listeners have set before are in the response', async () => {
  await handle();
  await host.ask('setHeaders');
  // The host's listener comes after the handler's, and yet before it runs.
  expect(await ask('/who')).toMatchObject({ status: 200, headers: { 'x-from-host': 'a, b' } });
  handlers[0]!.kill();
  await eventually('sessions', () => host.sessions(), []);
  await host.stop();
  host = await HostProcess.start(new URL('fixtures/one-host.ts', import.meta.url));
});

it('what a handler keeps on a socket is there for the next request of the connection', async () => {
  await handle();
  const socket = dial(port, '127.0.0.1').setEncoding('utf8');
  let got = '';
  socket.on('data', (chunk: string) => (got += chunk));
  for (let n = 1; n <= 3; n++) {
    socket.write('GET /socket HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('answers', () => got.endsWith(`\r\n\r\n${n}`), true);
  }
  socket.destroy();
});

describe('as in the server\'s own process', () => {
  const events = async (handler: TestProcess, count: number): Promise<string[]> => {
    const seen: string[] = [];
    await eventually('what was seen', async () => {
      seen.push(...(await handler.ask<string[]>('seen')));
      return seen.length >= count;
    }, true);
    return seen;
  };

  it('a request that was answered does not hear that its client goes, although its body has not come whole', async () => {
    const handler = await handle();
    const socket = dial(port, '127.0.0.1');
    socket.write('POST /watch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsome');
    await once(socket, 'data');
    await handler.ask('answer', 'answered');
    await eventually('the end of the response', async () => handler.ask('requests'), ['/watch']);
    socket.destroy();
    expect((await events(handler, 3)).filter((event) => event.startsWith('req'))).toEqual([]);
  });

  it('a request that a handler destroys tells its error before its response closes', async () => {
    const handler = await handle();
    dial(port, '127.0.0.1').on('error', () => {}).write('GET /destroy HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await events(handler, 3)).toEqual(['req error destroyed', 'req close', 'res close']);
  });
});
