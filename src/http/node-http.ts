import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, Stream } from 'node:stream';

let loaded: typeof import('node:http') | undefined;

/** Node's http, loaded when it is first asked for: most processes never have to do with HTTP. */
export function http(): typeof import('node:http') {
  return (loaded ??= process.getBuiltinModule('node:http'));
}

export function isRequest(value: unknown): value is IncomingMessage {
  return value instanceof Readable && value instanceof http().IncomingMessage;
}

export function isResponse(value: unknown): value is ServerResponse {
  return value instanceof Stream && !(value instanceof Readable) && value instanceof http().ServerResponse;
}
