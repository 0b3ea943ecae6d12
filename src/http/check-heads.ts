import type { RequestHead, ResponseHead } from './heads.js';
import type { SocketHead } from './hosted-socket.js';
import { isRequest } from './node-http.js';

// What a peer says that a head is. Real requests and responses are made of it, so it must be what it says.

const { isSafeInteger } = Number;

export function checkRequestHead(head: RequestHead): void {
  const [, id, flags, method, url, major, minor, rawHeaders, count, , chunks, trailers, status, message] = head;
  const isRight = [id, flags, major, minor, count, status].every(isSafeInteger) && (method === null || typeof method === 'string') &&
    typeof url === 'string' && typeof message === 'string' && isTexts(rawHeaders) && (trailers === 0 || isTexts(trailers)) &&
    id > 0 && count >= 0 && count <= rawHeaders.length && (chunks === 0 || (Array.isArray(chunks) && chunks.every((chunk) => typeof chunk === 'string' || chunk instanceof Uint8Array)));
  if (!isRight) throw new TypeError('a request lacks its parts');
}

export function checkResponseHead([req, flags, keepAliveTimeout, maxRequests, highWaterMark, unique, headers]: ResponseHead): void {
  const isRight = isRequest(req) && isSafeInteger(flags) && [keepAliveTimeout, maxRequests, highWaterMark].every((n) => typeof n === 'number') &&
    (unique === 0 || isTexts(unique)) && (headers === 0 || Array.isArray(headers));
  if (!isRight) throw new TypeError('a response lacks its parts');
}

export function checkSocketHead(head: SocketHead): void {
  const isRight = Array.isArray(head) && isSafeInteger(head[0]) && [2, 4, 5, 7].every((at) => typeof head[at] === 'string') &&
    [3, 6, 8].every((at) => typeof head[at] === 'number') && (head[9] === 0 || typeof head[9] === 'object');
  if (!isRight) throw new TypeError('a socket lacks its parts');
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
