import { referenceOf } from '../proxies/reference.js';

/** What an object or an array weighs besides what is in it. */
const CONTAINER = 64;

/** About how many bytes data of a peer's keeps here. @throws TypeError if there is more in it than data */
export function sizeOf(data: unknown): number {
  const seen = new Set<object>();
  const waiting = [data];
  let size = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') size += value.length;
    if (typeof value === 'function') throw new TypeError('it holds a function');
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    if (referenceOf(value) !== undefined) throw new TypeError('it holds a reference');
    seen.add(value);
    size += CONTAINER;
    if (ArrayBuffer.isView(value)) size += value.byteLength;
    else for (const key of Object.keys(value)) waiting.push(key, (value as Record<string, unknown>)[key]);
  }
  return size;
}
