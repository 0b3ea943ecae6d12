import type { IncomingMessage, ServerResponse } from 'node:http';
import { http } from './node-http.js';

/**
 * What is used here of Node's http beyond its documented members. A handler's response must make the very bytes that it
 * makes in a server of its own, and a host must send them as they are: neither can be had from the documented members
 * alone. All of them are as they are here in Node 20 to 26; test/http/internals.test.ts says so for the Node that runs it.
 */
export interface Incoming extends IncomingMessage {
  /** What Node's parser gives headers to, and, once the message is complete, trailers. */
  _addHeaderLines(headers: readonly string[], count: number): void;
  /** Reads on and throws away. */
  _dump(): void;
  /** Somebody reads the body. */
  readonly _consuming: boolean;
  /** What has come and was not read yet, in its pieces. */
  readonly _readableState: { readonly buffer: { readonly length: number }; readonly resumeScheduled: boolean };
  joinDuplicateHeaders: boolean;
  upgrade: boolean;
}

export interface Outgoing extends ServerResponse<IncomingMessage> {
  /** The head as text, once it is made. */
  _header: string | null;
  /** It is written. */
  _headerSent: boolean;
  /** The connection ends after this response. */
  _last: boolean;
  _closed: boolean;
  _expect_continue: boolean;
  _sent100: boolean;
  _keepAliveTimeout: number;
  _maxRequestsPerSocket: number | null;
  maxRequestsOnConnectionReached: boolean;
  destroyed: boolean;
  /** Documented, and missing in the types. */
  getRawHeaderNames(): string[];
  /** Writes to the connection when it is this response's turn. */
  _writeRaw(data: string | Uint8Array, encoding: BufferEncoding | null, written?: (error?: Error | null) => void): boolean;
  [member: symbol]: unknown;
}

function symbolIn(object: object, description: string): symbol {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertySymbols(at).find((symbol) => symbol.description === description);
    if (found !== undefined) return found;
  }
  return Symbol(description);
}

/** Members of requests and responses that have symbols for names. */
export interface Internals {
  /** Of a request: how many entries of its raw headers count (`maxHeadersCount`). */
  readonly headersCount: symbol;
  /** Of a request, since Node 26: ends what aborts its signal. */
  readonly detachAbortSignal: symbol;
  /** Of a response: a write said that it should be waited for. */
  readonly needDrain: symbol;
  /** Of a response: headers that are joined to one line (`uniqueHeaders`). Node sets it for each response. */
  readonly uniqueHeaders: symbol;
}

let found: Internals | undefined;

export function internals(): Internals {
  return (found ??= findInternals());
}

function findInternals(): Internals {
  const request = new (http().IncomingMessage)(undefined as never);
  return {
    headersCount: symbolIn(request, 'kHeadersCount'),
    detachAbortSignal: symbolIn(request, 'kDetachAbortSignal'),
    needDrain: symbolIn(new (http().ServerResponse)(request), 'kNeedDrain'),
    uniqueHeaders: uniqueHeadersSymbol(request),
  };
}

function uniqueHeadersSymbol(request: IncomingMessage): symbol {
  const { ServerResponse } = http();
  // The prototype's methods are the only place where it is named, so it is caught when one of them asks for it.
  let caught: symbol | undefined;
  const trap = new Proxy(new ServerResponse(request), {
    get(target, name, receiver) {
      if (typeof name === 'symbol' && name.description === 'kUniqueHeaders') caught = name;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  ServerResponse.prototype.addTrailers.call(trap, { a: ['1', '2'] } as never);
  return caught ?? Symbol('kUniqueHeaders');
}
