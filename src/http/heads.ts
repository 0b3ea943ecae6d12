import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyHead } from './body.js';
import type { Exchange } from './exchange.js';
import {
  COMPLETE, EXPECTS_CONTINUE, HAS_CONTINUED, JOIN_DUPLICATES, KEEP_ALIVE, LAST_REQUEST, NO_DATE, REJECTS_BODIES, STRICT_LENGTH, TAKEN, UPGRADE,
} from './flags.js';
import type { Gateway } from './gateway.js';
import { watchTimeout, type SocketHead } from './hosted-socket.js';
import { internals, type Incoming, type Outgoing } from './internals.js';

/** What a request is on the wire; one that comes home is its number. */
export type RequestHead = [
  gateway: object | 0, id: number, flags: number, method: string | null, url: string, major: number, minor: number,
  rawHeaders: readonly string[], headersCount: number, socket: SocketHead,
  chunks: readonly (string | Uint8Array)[] | 0, trailers: readonly string[] | 0, status: number, statusMessage: string,
];

/** What a response is on the wire. Its request goes with it. */
export type ResponseHead = [
  request: IncomingMessage, flags: number, keepAliveTimeout: number, maxRequests: number, highWaterMark: number,
  uniqueHeaders: readonly string[] | 0, headers: readonly (string | readonly string[])[] | 0,
];

export function requestHead(req: IncomingMessage, number: number, socket: SocketHead, gateway: Gateway | 0, body: BodyHead): RequestHead {
  const { method, url, httpVersionMajor, httpVersionMinor, rawHeaders, statusCode, statusMessage, upgrade, joinDuplicateHeaders } = req as Incoming;
  const flags = (body.isComplete ? COMPLETE : 0) | (upgrade ? UPGRADE : 0) | (joinDuplicateHeaders ? JOIN_DUPLICATES : 0);
  const count = (req as unknown as Record<symbol, unknown>)[internals().headersCount] as number | undefined;
  return [
    gateway, number, flags, method ?? null, url ?? '', httpVersionMajor, httpVersionMinor, rawHeaders, count ?? rawHeaders.length, socket,
    body.chunks, body.trailers.length > 0 ? body.trailers : 0, statusCode ?? 0, statusMessage ?? '',
  ];
}

export function responseHead(res: ServerResponse, gateway: Gateway, { req, socket }: Exchange): ResponseHead {
  const out = res as unknown as Outgoing;
  if (socket.socket.timeout) watchTimeout(gateway, socket);
  const flags = (out.shouldKeepAlive ? KEEP_ALIVE : 0) | (out.maxRequestsOnConnectionReached ? LAST_REQUEST : 0) |
    (out._expect_continue ? EXPECTS_CONTINUE : 0) | (out._sent100 ? HAS_CONTINUED : 0) | (rejectsBodies(socket.socket) ? REJECTS_BODIES : 0) |
    (out.sendDate ? 0 : NO_DATE) | (out.strictContentLength ? STRICT_LENGTH : 0) | (out.headersSent ? TAKEN : 0);
  const unique = out[internals().uniqueHeaders];
  return [
    req, flags, out._keepAliveTimeout, out._maxRequestsPerSocket ?? 0, out.writableHighWaterMark,
    unique instanceof Set ? [...(unique as Set<string>)] : 0, headersOf(res),
  ];
}

function rejectsBodies(socket: object): boolean {
  return (socket as { server?: { rejectNonStandardBodyWrites?: boolean } }).server?.rejectNonStandardBodyWrites === true;
}

/** What the host's own code has set before handlers hear of it: name, value, name, value. */
function headersOf(res: ServerResponse): readonly (string | readonly string[])[] | 0 {
  const names = (res as unknown as Outgoing).getRawHeaderNames();
  if (names.length === 0 || res.headersSent) return 0;
  return names.flatMap((name) => {
    const value = res.getHeader(name);
    return value === undefined ? [] : [name, Array.isArray(value) ? value : String(value)];
  });
}
