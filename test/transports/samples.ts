import type { Frame } from '../../src/transports/transport.js';

export const MiB = 1024 * 1024;

/** Text as a session sends it: JSON, in which JSON.stringify has escaped lone surrogates and newlines. */
export const TEXTS = ['', '{}', '""', 'ünïcödé', '日本語', '🤖'.repeat(9), '\u2028\u2029\ufeff', '\ud800 \udfff \n \0 \r'].map((text) => JSON.stringify(text));

export function patterned(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = (i * 31 + seed * 17 + (i >> 8)) & 0xff;
  return bytes;
}

/** The i-th of a series in which every kind and many sizes follow each other; bytes look like text and like headers. */
export function sample(i: number): Frame {
  if (i % 97 === 0) return patterned(3000 + i, i);
  if (i % 3 === 0) return patterned(i % 41, i);
  if (i % 7 === 0) return new Uint8Array([0, 10, 0, 255, 10]);
  return JSON.stringify([i, TEXTS[i % TEXTS.length]]);
}

export function samples(count: number): Frame[] {
  return Array.from({ length: count }, (_, i) => sample(i));
}

export function isSameFrame(a: Frame | undefined, b: Frame | undefined): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

/** Where two series differ first; undefined if they do not. A diff of megabytes helps nobody. */
export function firstDifference(actual: readonly Frame[], expected: readonly Frame[]): string | undefined {
  const at = expected.findIndex((frame, i) => !isSameFrame(actual[i], frame));
  if (at !== -1) return `frame ${at}: ${brief(actual[at])} instead of ${brief(expected[at])}`;
  return actual.length === expected.length ? undefined : `${actual.length} frames instead of ${expected.length}`;
}

function brief(frame: Frame | undefined): string {
  if (typeof frame === 'string') return frame.slice(0, 80);
  return frame === undefined ? 'nothing' : `<${frame.length} bytes: ${Buffer.from(frame.subarray(0, 12)).toString('hex')}>`;
}
