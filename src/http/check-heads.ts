import type { RequestRow, ResponseHead, ResponseRow, SocketRow } from './heads.js';
import { isRequest } from './node-http.js';

// What a peer says that a head is. Real requests and responses are made of it, so it must be what it says.

const { isSafeInteger } = Number;

export function checkRequest(row: RequestRow): void {
  const isRight = Array.isArray(row) && isSafeInteger(row[0]) && row[0] > 0 && isSafeInteger(row[1]) && (row[2] === null || typeof row[2] === 'string') &&
    typeof row[3] === 'string' && isSafeInteger(row[4]) && isSafeInteger(row[5]) && isSafeInteger(row[6]) && row[6] >= 0 &&
    isSafeInteger(row[7]) && typeof row[8] === 'string' && isTexts(row[9]) && row[6] <= row[9].length &&
    (row[11] === 0 || isTexts(row[11])) && (row[12] === 0 || isTexts(row[12]));
  if (!isRight) throw new TypeError('a request lacks its parts');
}

export function checkResponse([row, req]: ResponseHead<ResponseRow>): void {
  const isRight = isRequest(req) && Array.isArray(row) && isSafeInteger(row[0]) && !Number.isNaN(Number(row[1])) && !Number.isNaN(Number(row[2])) &&
    typeof row[3] === 'number' && (row[4] === 0 || isTexts(row[4])) && (row[5] === 0 || Array.isArray(row[5]));
  if (!isRight) throw new TypeError('a response lacks its parts');
}

export function checkSocket(row: SocketRow): void {
  const isRight = Array.isArray(row) && isSafeInteger(row[0]) && typeof row[2] === 'string' && typeof row[3] === 'number' && typeof row[4] === 'string' &&
    typeof row[5] === 'string' && typeof row[6] === 'number' && typeof row[7] === 'string' && typeof row[8] === 'number';
  if (!isRight) throw new TypeError('a socket lacks its parts');
}

function isTexts(value: unknown): value is string[] {
  if (!Array.isArray(value)) return false;
  for (const text of value) if (typeof text !== 'string') return false;
  return true;
}
