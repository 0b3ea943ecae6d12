import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown;

const PAGE = new URL('page.html', import.meta.url);
const LONG = Buffer.alloc(300_000, '0123456789');

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** All that a request tells of itself, once its body has come. */
async function about(req: IncomingMessage): Promise<string> {
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor, rawHeaders, headers, headersDistinct, complete } = req;
  const before = { method, url, httpVersion, httpVersionMajor, httpVersionMinor, rawHeaders, headers, headersDistinct, complete, aborted: req.aborted };
  const { remoteAddress, remoteFamily, localAddress, encrypted, destroyed, readable, writable, connecting, pending } = req.socket as typeof req.socket & { encrypted?: boolean };
  const socket = { remoteAddress, remoteFamily, localAddress, encrypted, destroyed, readable, writable, connecting, pending, same: req.socket === req.connection };
  const body = await textOf(req);
  const { trailers, rawTrailers, trailersDistinct } = req;
  return JSON.stringify({ before, socket, body, after: { complete: req.complete, trailers, rawTrailers, trailersDistinct } });
}

/** What a response says of itself at several moments. */
async function moments(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const seen: unknown[] = [];
  leave(req, res, () => seen.slice(3));
  const look = (when: string): void => {
    const { statusCode, statusMessage, headersSent, writableEnded, writableFinished, destroyed, closed, finished: ended, writableObjectMode, sendDate, strictContentLength } = res;
    seen.push({ when, statusCode, statusMessage, headersSent, writableEnded, writableFinished, destroyed, closed, ended, writableObjectMode, sendDate, strictContentLength, hasSocket: res.socket !== null, headers: res.getHeaders(), names: res.getHeaderNames() });
  };
  look('begin');
  res.setHeader('X-One', ['a', 'b']).setHeader('x-two', 2);
  look('set');
  res.removeHeader('x-two');
  res.write('first;');
  look('written');
  for (const event of ['prefinish', 'finish', 'close']) res.on(event, () => look(event));
  await pause(1);
  res.end(JSON.stringify(seen));
  look('ended');
}

/** What the last request on a connection has left, for the next one on it: on its socket, since an idle one that nothing was put on may be another by then. */
const LEFT = Symbol('what is left');
type Left = IncomingMessage['socket'] & { [LEFT]?: Promise<unknown> };

/** Leaves it when the response has closed, and what follows that has happened. */
function leave(req: IncomingMessage, res: ServerResponse, seen: () => unknown): void {
  (req.socket as Left)[LEFT] = new Promise<void>((resolve) => res.once('close', () => resolve())).then(() => pause(1)).then(seen);
}

/** What a handler can learn of a TLS connection, but for what differs from one connection to the next. */
export function tlsFacts(socket: IncomingMessage['socket']): unknown {
  const tls = socket as TLSSocket;
  const { encrypted, authorized, authorizationError, alpnProtocol } = tls;
  if (!encrypted) return { encrypted };
  const certificate = tls.getPeerCertificate();
  const detailed = tls.getPeerCertificate(true);
  return {
    encrypted, authorized, authorizationError: authorizationError === null ? null : String(authorizationError), alpnProtocol, servername: (tls as { servername?: unknown }).servername,
    protocol: tls.getProtocol(), cipher: tls.getCipher(), sigalgs: tls.getSharedSigalgs(), isReused: tls.isSessionReused(), ephemeral: tls.getEphemeralKeyInfo(),
    certificate, keys: Object.keys(certificate), hasIssuer: 'issuerCertificate' in detailed, isSelfSigned: detailed.issuerCertificate === detailed,
    x509: tls.getPeerX509Certificate()?.subject, own: (tls.getCertificate() as PeerCertificate).fingerprint256, ownX509: tls.getX509Certificate()?.fingerprint256,
    isBuffer: [tls.getSession(), tls.getFinished(), tls.getPeerFinished()].map((data) => Buffer.isBuffer(data)), ticket: tls.getTLSTicket(),
  };
}

const routes: Record<string, Handler> = {
  '/hello': (_req, res) => res.end('hello world'),
  '/nothing': (_req, res) => res.end(),
  '/never': () => {},
  '/timed': (_req, res) => res.setTimeout(50, () => res.end('timed')),
  '/much': (_req, res) => res.end(LONG.toString()),
  '/much-in-parts': (_req, res) => {
    for (let i = 0; i < 3; i++) res.write(LONG);
    res.end('the end');
  },
  '/halves': (_req, res) => {
    res.writeHead(200, { 'Content-Length': 6 });
    res.write('\ud83d');
    res.write('\ude00');
    res.end();
  },
  '/about': async (req, res) => res.setHeader('Content-Type', 'application/json').end(await about(req)),
  '/moments': moments,
  '/what-is-left': async (req, res) => res.end(JSON.stringify(await (req.socket as Left)[LEFT])),
  '/tls': (req, res) => res.end(JSON.stringify(tlsFacts(req.socket))),
  '/echo': (req, res) => req.pipe(res),
  '/echo-pipeline': (req, res) => pipeline(req, res),
  '/echo-iterator': async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    res.end(Buffer.concat(chunks));
  },
  '/length': async (req, res) => res.end(String((await textOf(req)).length)),
  '/paused': async (req, res) => {
    req.pause();
    await pause(5);
    req.resume();
    let length = 0;
    req.on('data', (chunk: Buffer) => (length += chunk.length)).on('end', () => res.end(`paused ${length}`));
  },
  '/answers-early': (_req, res) => res.end('I did not read it'),
  /** What is done about a piece is over before the next one comes. */
  '/ticks': (req, res) => {
    const order: string[] = [];
    req.on('data', (chunk: Buffer) => {
      order.push(`piece ${String(chunk)}`);
      process.nextTick(() => order.push('tick'));
      void Promise.resolve().then(() => order.push('promise'));
    }).on('end', () => res.end(order.join()));
  },
  '/set-encoding': (req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => res.end(text));
  },
  '/write-head-object': (_req, res) => res.writeHead(201, { 'X-A': 'a', 'x-b': ['1', '2'], 'Set-Cookie': ['a=1', 'b=2'] }).end('object'),
  '/write-head-array': (_req, res) => res.writeHead(202, ['X-A', 'a', 'X-A', 'b', 'content-length', '5'] as never).end('array'),
  '/write-head-pairs': (_req, res) => res.writeHead(200, [['X-A', 'a'], ['X-B', 'b']] as never).end('pairs'),
  '/write-head-message': (_req, res) => res.writeHead(299, 'Quite Fine', { 'X-A': 'a' }).end('message'),
  '/write-head-merged': (_req, res) => res.setHeader('x-kept', '1').setHeader('X-Changed', '1').writeHead(200, { 'x-changed': '2' }).end(),
  '/status-message': (_req, res) => {
    res.statusCode = 418;
    res.statusMessage = 'Short and Stout';
    res.end('tea');
  },
  '/append': (_req, res) => res.setHeader('X-Many', 'one').appendHeader('X-Many', 'two').appendHeader('x-many', ['three', 'four']).end(),
  '/set-headers': (_req, res) => res.setHeaders(new Headers({ 'x-from': 'Headers', accept: '*/*' })).end('set'),
  '/flush': async (_req, res) => {
    res.setHeader('Content-Length', 4).flushHeaders();
    await pause(5);
    res.end('late');
  },
  '/chunks': async (_req, res) => {
    for (const part of ['one', 'two', 'drei', 'vier ü', '']) {
      res.write(part);
      await pause(1);
    }
    res.end('end');
  },
  '/chunks-at-once': (_req, res) => {
    for (const part of ['one', Buffer.from('two'), 'f\u00fcnf', Buffer.from([0, 1, 2, 253, 254, 255])]) res.write(part);
    res.end();
  },
  '/encodings': (_req, res) => {
    res.write('68c3bc', 'hex');
    res.write('aMO8', 'base64');
    res.write('h\u00fc', 'latin1');
    res.write('h\u00fc', 'utf16le');
    res.end('h\u00fc', 'ascii');
  },
  '/lone-surrogate': (_req, res) => res.end('a\ud800b'),
  '/latin1-header': (_req, res) => res.setHeader('X-Latin', 'h\u00fc\u00ff').end('h\u00fc'),
  '/latin1-header-bytes': (_req, res) => res.setHeader('X-Latin', 'h\u00fc\u00ff').end(Buffer.from('h\u00fc')),
  '/disposition': (_req, res) => res.writeHead(200, { 'Content-Disposition': 'attachment; filename="h\u00fc.txt"', 'Content-Length': 3 }).end('abc'),
  '/uint8': (_req, res) => res.end(new Uint8Array([104, 105])),
  '/long': (_req, res) => res.end(LONG),
  '/long-text': (_req, res) => res.end(String(LONG)),
  '/long-chunks': async (_req, res) => {
    for (let i = 0; i < 10; i++) if (!res.write(LONG.subarray(i * 30_000, (i + 1) * 30_000))) await new Promise((resolve) => res.once('drain', resolve));
    res.end();
  },
  '/file': (_req, res) => pipeline(createReadStream(PAGE), res),
  '/readable': (_req, res) => void Readable.from(['a', 'b', 'c']).pipe(res),
  '/trailers': (_req, res) => {
    res.writeHead(200, { Trailer: 'X-Sum, X-More' });
    res.write('body');
    res.addTrailers({ 'X-Sum': 'abc', 'X-More': ['1', '2'] as never });
    res.end();
  },
  '/early-hints': (_req, res) => {
    res.writeEarlyHints({ link: ['</a.css>; rel=preload', '</b.js>; rel=preload'], 'x-trace': '1' });
    res.end('hinted');
  },
  '/early-hints-late': async (_req, res) => {
    res.writeEarlyHints({ link: '</a.css>; rel=preload' });
    await pause(5);
    res.end('hinted');
  },
  '/processing': async (_req, res) => {
    res.writeProcessing();
    await pause(5);
    res.writeProcessing();
    res.end('processed');
  },
  '/continue': async (req, res) => {
    res.writeContinue();
    res.end(await textOf(req));
  },
  '/no-date': (_req, res) => {
    res.sendDate = false;
    res.end('timeless');
  },
  '/own-date': (_req, res) => res.setHeader('Date', 'Thu, 01 Jan 1970 00:00:00 GMT').end(),
  '/close': (_req, res) => res.setHeader('Connection', 'close').end('bye'),
  '/no-keep-alive': (_req, res) => {
    res.shouldKeepAlive = false;
    res.end('bye');
  },
  '/removed': (_req, res) => {
    for (const name of ['Date', 'Connection', 'Content-Length', 'Transfer-Encoding']) res.removeHeader(name);
    res.end('bare');
  },
  '/no-length': (_req, res) => {
    res.removeHeader('Content-Length');
    res.end('chunked then');
  },
  '/own-chunked': (_req, res) => res.setHeader('Transfer-Encoding', 'chunked').end('as asked'),
  '/status/204': (_req, res) => res.writeHead(204).end('not sent'),
  '/status/204-chunked': (_req, res) => res.writeHead(204, { 'Transfer-Encoding': 'chunked' }).end('not sent'),
  '/status/304': (_req, res) => res.writeHead(304, { ETag: '"x"' }).end('not sent'),
  '/status/404': (_req, res) => res.writeHead(404).end('nowhere'),
  '/status/500': (_req, res) => res.writeHead(500).end('broken'),
  '/strict': (_req, res) => {
    res.strictContentLength = true;
    res.writeHead(200, { 'Content-Length': 3 });
    try {
      res.end('too long');
    } catch (error) {
      res.end((error as { code: string }).code.slice(0, 3));
    }
  },
  '/length-lies': (_req, res) => res.writeHead(200, { 'Content-Length': 3, Connection: 'close' }).end('too long'),
  '/headers-twice': (_req, res) => {
    const codes: unknown[] = [];
    res.writeHead(200, { 'Content-Type': 'application/json' });
    for (const again of [() => res.writeHead(201), () => res.setHeader('a', 'b'), () => res.removeHeader('a'), () => res.writeHead(200, ['a'] as never)]) {
      try {
        again();
      } catch (error) {
        codes.push([(error as { code: string }).code, (error as Error).name, (error as Error).message]);
      }
    }
    res.end(JSON.stringify(codes));
  },
  '/bad-values': (_req, res) => {
    const codes: unknown[] = [];
    const bad: (() => unknown)[] = [
      () => res.setHeader('bad name', '1'), () => res.setHeader('a', 'b\nc'), () => res.setHeader('a', undefined as never), () => res.writeHead(99),
      () => res.write(null), () => res.write(5 as never), () => res.addTrailers({ 'a b': '1' }), () => res.writeEarlyHints({ link: 'no' }), () => res.setHeader('x', '\u0100'),
    ];
    for (const step of bad) {
      try {
        step();
      } catch (error) {
        codes.push((error as { code: string }).code);
      }
    }
    res.end(JSON.stringify(codes));
  },
  '/end-twice': (req, res) => {
    const codes: unknown[] = [];
    res.on('error', (error: NodeJS.ErrnoException) => codes.push(error.code));
    res.end('once', () => codes.push('finished'));
    res.end('twice', (error?: NodeJS.ErrnoException) => codes.push(error?.code));
    res.write('thrice', (error) => codes.push((error as NodeJS.ErrnoException | undefined)?.code));
    leave(req, res, () => codes);
  },
  '/cut': async (_req, res) => {
    res.writeHead(200, { 'Content-Length': 100 }).write('some of it');
    await pause(20);
    res.destroy();
  },
  '/cut-socket': async (req, res) => {
    res.write('some of it');
    await pause(20);
    req.socket.destroy();
  },
  '/reset': (req, res) => {
    try {
      req.socket.resetAndDestroy();
    } catch (error) {
      const { name, code, message } = error as NodeJS.ErrnoException;
      res.end(`${name} ${code} ${message}`);
    }
  },
  '/cut-at-once': (req) => void req.destroy(),
  '/write-and-destroy': (req) => void req.socket.write(Buffer.alloc(12e6, '0123456789'), () => req.socket.destroy()),
  '/end-and-destroy': (req, res) => res.end(Buffer.alloc(12e6, '0123456789'), () => req.socket.destroy()),
  '/pipeline-fails': async (_req, res) => {
    const failing = Readable.from((async function* () {
      yield 'some of it';
      await pause(20);
      throw new Error('enough');
    })());
    await pipeline(failing, res).catch(() => {});
  },
  '/raw-socket': (req) => void req.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nraw'),
  '/server-sent': async (_req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    for (let i = 0; i < 5; i++) {
      res.write(`id: ${i}\ndata: event ${i}\n\n`);
      await pause(2);
    }
    res.end();
  },
  '/corked': (_req, res) => {
    res.cork();
    res.write('a');
    res.write('b');
    res.uncork();
    res.cork();
    res.write('c');
    process.nextTick(() => {
      res.uncork();
      res.end('d');
    });
  },
  '/callbacks': (req, res) => {
    const order: string[] = [];
    res.write('first', () => order.push('write'));
    res.on('finish', () => order.push('finish')).on('close', () => order.push('close'));
    res.end('last', () => order.push('end'));
    leave(req, res, () => order);
  },
  '/last': (_req, res) => res.setHeader('Connection', 'close').end('last'),
};

/** A function for `request`, as people write it without a framework. */
export const plain: Handler = async (req, res) => {
  const path = req.url!.split('?')[0]!;
  try {
    await (routes[path] ?? missing)(req, res);
  } catch (error) {
    if (!res.headersSent) res.writeHead(500);
    res.end(`failed: ${(error as Error).message}`);
  }
};

const missing: Handler = (req, res) => res.writeHead(404).end(`no ${req.url}`);

export const paths = Object.keys(routes);
