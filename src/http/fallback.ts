import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuse } from './bad-request.js';
import { FUNCTION, mustBe, mustFit, type Rule, type Rules } from '../rules.js';
import { http } from './node-http.js';

export type Answer = (req: IncomingMessage, res: ServerResponse) => void;

/** What a server answers in the stead of handlers. */
export interface HttpFallback {
  /** No handler is there. By default 503, with `Retry-After: 1`. */
  unavailable?: Answer;
  /** The handler has died, or left, before it began to answer, or could not be handed the request. By default 502. */
  badGateway?: Answer;
}

/** Seconds after which a client may try again: handlers are changed within a moment. */
const RETRY_AFTER = 1;

const MOST_DUMPED = 256 * 1024;

const HTTP_SERVER: Rule = { is: 'a server of node:http or node:https', fits: (value) => isHttpServer(value as object) };
const RULES: Rules = { unavailable: FUNCTION, badGateway: FUNCTION };

const fallbacks = new WeakMap<object, HttpFallback>();

/**
 * Sets what a hosted server answers when no handler is there, or when one dies with a request in its hands that it has not
 * begun to answer. Returns the server.
 *
 * @param fallback functions as for `request`; those not given are as they were
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT for what is no such server, or no such answer
 * @example
 * httpFallback(web, { unavailable: (req, res) => res.writeHead(503, { 'Retry-After': 5 }).end('Back in a moment') });
 */
export function httpFallback<S extends HttpServer | HttpsServer>(server: S, fallback: HttpFallback): S {
  mustBe(HTTP_SERVER, 'httpFallback(): the server', server);
  mustFit(RULES, 'httpFallback()', 'answer', fallback);
  fallbacks.set(server, { ...fallbacks.get(server), ...fallback });
  return server;
}

export function isHttpServer(value: object): value is HttpServer {
  if (!(value instanceof NetServer)) return false;
  // Asked for only where it may be one: to load it with dynobot would cost every process some milliseconds.
  return value instanceof http().Server || value instanceof process.getBuiltinModule('node:https').Server;
}

/** How many hosts publish a server. */
const published = new WeakMap<HttpServer, number>();

/** A server is published: requests that no handler is there for are answered from now on. */
export function publishServer(server: HttpServer): void {
  const count = published.get(server) ?? 0;
  published.set(server, count + 1);
  if (count === 0) server.prependListener('request', answerAlone).prependListener('clientError', refuseAlone);
}

export function withdrawServer(server: HttpServer): void {
  const count = (published.get(server) ?? 0) - 1;
  published.set(server, count);
  if (count === 0) server.off('request', answerAlone).off('clientError', refuseAlone);
}

/** It is the first listener, and answers if it is the only one. */
function answerAlone(this: HttpServer, req: IncomingMessage, res: ServerResponse): void {
  if (this.listenerCount('request') === 1) unavailable(req, res);
}

function refuseAlone(this: HttpServer, error: Error, socket: Duplex): void {
  if (this.listenerCount('clientError') === 1) refuse(error, socket as Socket);
}

export function unavailable(req: IncomingMessage, res: ServerResponse | undefined): void {
  if (res === undefined) return refuseUpgrade(req.socket, 503, { 'Retry-After': RETRY_AFTER });
  const answer = fallbackOf(req).unavailable ?? ((_req, to) => plain(to, 503, { 'Retry-After': RETRY_AFTER }));
  answer(req, res);
}

export function badGateway(req: IncomingMessage, res: ServerResponse | undefined): void {
  if (res === undefined) return refuseUpgrade(req.socket, 502, {});
  const answer = fallbackOf(req).badGateway ?? ((_req, to) => plain(to, 502, {}));
  answer(req, res);
}

/** No session takes such a head: it is answered as Node's parser answers one that is longer than `maxHeaderSize`. */
export function headTooLong(req: IncomingMessage, res: ServerResponse | undefined): void {
  if (res === undefined) return refuseUpgrade(req.socket, 431, {});
  res.shouldKeepAlive = false;
  plain(res, 431, {});
}

function fallbackOf({ socket }: IncomingMessage): HttpFallback {
  const { server } = socket as Socket & { server?: object };
  return (server === undefined ? undefined : fallbacks.get(server)) ?? {};
}

const TEXT = { 431: 'The head of the request is too long.\n', 502: 'The process that was to answer could not.\n', 503: 'No process is there to answer at this moment.\n' };

function plain(res: ServerResponse, status: keyof typeof TEXT, headers: Record<string, string | number>): void {
  // Headers that handlers before it had set in the host are not for this answer.
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  if (isLong(res.req)) res.shouldKeepAlive = false;
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(TEXT[status]);
}

/** Who is still sending a long body should stop. A short one is read to its end, and the connection stays. */
function isLong({ complete, headers }: IncomingMessage): boolean {
  return !complete && ('transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > MOST_DUMPED);
}

/** An upgrade has no response of its own. */
function refuseUpgrade(socket: Socket, status: keyof typeof TEXT, headers: Record<string, string | number>): void {
  const text = TEXT[status];
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${http().STATUS_CODES[status]}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${text.length}\r\n${own}Connection: close\r\n\r\n${text}`);
}
