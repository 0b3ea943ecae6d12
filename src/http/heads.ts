import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Rows } from '../values/rows.js';
import type { BodyHead } from './body.js';
import type { Exchange } from './exchange.js';
import {
  COMPLETE, EXPECTS_CONTINUE, HAS_CONTINUED, JOIN_DUPLICATES, KEEP_ALIVE, LAST_REQUEST, NO_DATE, REJECTS_BODIES, STRICT_LENGTH, TAKEN, UPGRADE,
} from './flags.js';
import type { Gateway } from './gateway.js';
import { internals, type Incoming, type Outgoing } from './internals.js';
import type { TlsFacts } from './tls.js';

// What requests, responses and sockets are on the wire. What is sent for each request is rows: they cost next to nothing. One
// that comes home is its number.

type RequestFacts = readonly [
  number: number, flags: number, method: string | null, url: string, major: number, minor: number, headersCount: number,
  rawHeaders: readonly string[], socket: SocketRow,
];
export type RequestRow = readonly [
  ...RequestFacts, chunks?: readonly string[] | 0, trailers?: readonly string[] | 0, status?: number, statusMessage?: string,
];

/** What a handler is told of a socket each time that it hears of it: then it need not keep anything of one that is idle. */
export type SocketRow = readonly [id: number, isRaw: boolean, addresses: string, timeout: number];

/** `number` is that of its request. Headers: name, -1, value; or name, number of values, value, value … */
type ResponseFacts = readonly [number: number, flags: number, keepAliveTimeout: number | string, maxRequests: number | string, highWaterMark: number];
export type ResponseRow = readonly [
  ...ResponseFacts, uniqueHeaders?: readonly string[] | 0, headers?: readonly (string | number)[] | 0,
];

/** The gateway is in the first ones of a session; what is known of TLS, in the first one of a socket. Without either, the row is all. */
export type SocketHead = Rows<SocketRow> | [socket: SocketRow, gateway: object | 0, tls: TlsFacts | 0];
export type RequestHead = Rows<RequestRow> | [request: RequestRow, gateway: object | 0, tls: TlsFacts | 0];
/** A request goes with its response, before it or in it. */
export type ResponseHead = Rows<ResponseRow> | [response: ResponseRow, request: IncomingMessage];

export function requestRow(req: IncomingMessage, number: number, socket: SocketRow, { isComplete, chunks, trailers }: BodyHead): RequestRow {
  const { method, url, httpVersionMajor, httpVersionMinor, rawHeaders, statusCode, statusMessage, upgrade, joinDuplicateHeaders } = req as Incoming;
  const flags = (isComplete ? COMPLETE : 0) | (upgrade ? UPGRADE : 0) | (joinDuplicateHeaders ? JOIN_DUPLICATES : 0);
  const count = (req as unknown as Record<symbol, unknown>)[internals().headersCount] as number | undefined;
  const facts: RequestFacts = [number, flags, method ?? null, url ?? '', httpVersionMajor, httpVersionMinor, count ?? rawHeaders.length, rawHeaders, socket];
  if (chunks === 0 && trailers.length === 0 && !statusCode) return facts;
  return [...facts, chunks, trailers.length > 0 ? trailers : 0, statusCode ?? 0, statusMessage ?? ''];
}

export function responseRow(res: ServerResponse, number: number, gateway: Gateway, { socket }: Exchange): ResponseRow {
  const out = res as unknown as Outgoing;
  if (socket.socket.timeout || socket.watchesTimeout(gateway)) socket.watchTimeout(gateway);
  const flags = (out.shouldKeepAlive ? KEEP_ALIVE : 0) | (out.maxRequestsOnConnectionReached ? LAST_REQUEST : 0) |
    (out._expect_continue ? EXPECTS_CONTINUE : 0) | (out._sent100 ? HAS_CONTINUED : 0) | (rejectsBodies(socket.socket) ? REJECTS_BODIES : 0) |
    (out.sendDate ? 0 : NO_DATE) | (out.strictContentLength ? STRICT_LENGTH : 0) | (out.headersSent ? TAKEN : 0);
  const unique = out[internals().uniqueHeaders];
  const facts: ResponseFacts = [number, flags, numeral(out._keepAliveTimeout), numeral(out._maxRequestsPerSocket ?? 0), out.writableHighWaterMark];
  const headers = headersOf(res);
  // A Set of Node's own, which is no instance of the global one.
  return unique || headers !== 0 ? [...facts, unique ? [...(unique as Set<string>)] : 0, headers] : facts;
}

/** JSON has no infinity. */
function numeral(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function rejectsBodies(socket: object): boolean {
  return (socket as { server?: { rejectNonStandardBodyWrites?: boolean } }).server?.rejectNonStandardBodyWrites === true;
}

/** What the host's own code has set before handlers hear of it. */
function headersOf(res: ServerResponse): readonly (string | number)[] | 0 {
  const names = (res as unknown as Outgoing).getRawHeaderNames();
  if (names.length === 0 || res.headersSent) return 0;
  return names.flatMap((name) => {
    const value = res.getHeader(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? [name, value.length, ...value] : [name, -1, String(value)];
  });
}

export function setHeaders(res: ServerResponse, headers: readonly (string | number)[]): void {
  for (let at = 0; at < headers.length;) {
    const name = String(headers[at]);
    const count = Number(headers[at + 1]);
    const values = headers.slice(at + 2, at + 2 + Math.abs(count)).map(String);
    res.setHeader(name, count < 0 ? values[0]! : values);
    at += 2 + values.length;
  }
}
