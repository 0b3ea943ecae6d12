import { lengthOfAll, lengthOfHead, LONGEST_HEAD, SHORT_BODY } from './head-bounds.js';
import type { RequestRow, ResponseHead, ResponseRow, SocketRow } from './heads.js';
import { isRequest } from './node-http.js';
import type { TlsFacts } from './tls.js';

// What a peer says that a head is. Real requests and responses are made of it, so it must be what it says.

const { isSafeInteger } = Number;

/** Characters of an address, or of its family. */
const LONGEST_ADDRESS = 256;

export function checkRequest(row: RequestRow): void {
  const isRight = Array.isArray(row) && isSafeInteger(row[0]) && row[0] > 0 && isSafeInteger(row[1]) && (row[2] === null || typeof row[2] === 'string') &&
    typeof row[3] === 'string' && isSafeInteger(row[4]) && isSafeInteger(row[5]) && isSafeInteger(row[6]) && row[6] >= 0 &&
    isSafeInteger(row[7]) && typeof row[8] === 'string' && isTexts(row[9]) && row[6] <= row[9].length &&
    (row[11] === 0 || isTexts(row[11])) && (row[12] === 0 || isTexts(row[12]));
  if (!isRight) throw new TypeError('a request lacks its parts');
  const isLong = lengthOfHead(headOf(row)) > LONGEST_HEAD || lengthOfBody(row) > SHORT_BODY;
  if (isLong) throw new TypeError(`the head of a request is longer than ${LONGEST_HEAD} characters, or what goes with it of its body than ${SHORT_BODY}`);
}

/** Characters of a request that is right, its body's first pieces included. */
export function lengthOf(row: RequestRow): number {
  return lengthOfHead(headOf(row)) + lengthOfBody(row);
}

function headOf({ 2: method, 3: url, 8: statusMessage, 9: rawHeaders, 12: trailers }: RequestRow): Parameters<typeof lengthOfHead>[0] {
  return { method, url, statusMessage, rawHeaders, rawTrailers: trailers === 0 ? [] : trailers };
}

function lengthOfBody({ 11: chunks }: RequestRow): number {
  return chunks === 0 ? 0 : lengthOfAll(chunks);
}

export function checkResponse([row, req]: ResponseHead<ResponseRow>): void {
  const isRight = isRequest(req) && Array.isArray(row) && isSafeInteger(row[0]) && !Number.isNaN(Number(row[1])) && !Number.isNaN(Number(row[2])) &&
    typeof row[3] === 'number' && (row[4] === 0 || isTexts(row[4])) && (row[5] === 0 || Array.isArray(row[5]));
  if (!isRight) throw new TypeError('a response lacks its parts');
}

export function checkSocket(row: SocketRow): void {
  const isRight = Array.isArray(row) && isSafeInteger(row[0]) && isAddress(row[2]) && typeof row[3] === 'number' && isAddress(row[4]) &&
    isAddress(row[5]) && typeof row[6] === 'number' && isAddress(row[7]) && typeof row[8] === 'number';
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

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_ADDRESS;
}

export function isTexts(value: unknown): value is string[] {
  if (!Array.isArray(value)) return false;
  for (const text of value) if (typeof text !== 'string') return false;
  return true;
}
