import { lengthOfAll, lengthOfHead, LONGEST_HEAD, SHORT_BODY } from './head-bounds.js';
import type { RequestRow, ResponseRow, SocketRow } from './heads.js';
import type { TlsFacts } from './tls.js';

// What a peer says that a head is. Real requests and responses are made of it, so it must be what it says.

const { isSafeInteger } = Number;

/** Characters of the addresses of a socket, and of their families. */
const LONGEST_ADDRESSES = 1024;

/** Returns the characters of all its texts, its body's first pieces included. */
export function checkRequest(row: RequestRow): number {
  const isRight = Array.isArray(row) && isSafeInteger(row[0]) && row[0] > 0 && isSafeInteger(row[1]) && (row[2] === null || typeof row[2] === 'string') &&
    typeof row[3] === 'string' && isSafeInteger(row[4]) && isSafeInteger(row[5]) && isSafeInteger(row[6]) && row[6] >= 0 &&
    isTexts(row[7]) && row[6] <= row[7].length && (row.length === SHORTEST || isLongRight(row));
  if (!isRight) throw new TypeError('a request lacks its parts');
  const { 2: method, 3: url, 7: rawHeaders, 9: chunks = 0, 10: trailers = 0, 12: statusMessage } = row;
  const length = lengthOfHead({ method, url, statusMessage, rawHeaders, rawTrailers: trailers === 0 ? [] : trailers });
  const bodyLength = chunks === 0 ? 0 : lengthOfAll(chunks);
  const isLong = length > LONGEST_HEAD || bodyLength > SHORT_BODY;
  if (isLong) throw new TypeError(`the head of a request is longer than ${LONGEST_HEAD} characters, or what goes with it of its body than ${SHORT_BODY}`);
  return length + bodyLength;
}

/** Elements of the row of a request of which nothing else is known. */
const SHORTEST = 9;

function isLongRight(row: RequestRow): boolean {
  return (row[9] === 0 || isTexts(row[9])) && (row[10] === 0 || isTexts(row[10])) && isSafeInteger(row[11]) && typeof row[12] === 'string';
}

export function checkResponse(row: ResponseRow): void {
  const { 5: uniqueHeaders = 0, 6: headers = 0 } = row;
  const isRight = Array.isArray(row) && isSafeInteger(row[0]) && isSafeInteger(row[1]) && !Number.isNaN(Number(row[2])) && !Number.isNaN(Number(row[3])) &&
    typeof row[4] === 'number' && (uniqueHeaders === 0 || isTexts(uniqueHeaders)) && (headers === 0 || Array.isArray(headers));
  if (!isRight) throw new TypeError('a response lacks its parts');
}

export function checkSocket(row: SocketRow): void {
  const isRight = Array.isArray(row) && isSafeInteger(row[0]) && typeof row[1] === 'boolean' && typeof row[2] === 'string' &&
    row[2].length <= LONGEST_ADDRESSES && typeof row[3] === 'number';
  if (!isRight) throw new TypeError('a socket lacks its parts');
}

export function checkTls(facts: TlsFacts): void {
  const isRight = typeof facts === 'object' && facts !== null && (facts.certificate === null || isCertificate(facts.certificate)) &&
    (facts.peerCertificate === undefined || isCertificate(facts.peerCertificate));
  if (!isRight) throw new TypeError('what is told of TLS lacks its parts');
}

function isCertificate(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { raw?: unknown }).raw instanceof Uint8Array;
}

export function isTexts(value: unknown): value is string[] {
  if (!Array.isArray(value)) return false;
  for (const text of value) if (typeof text !== 'string') return false;
  return true;
}
