import type { Packed } from '../wire.js';

/** Values, from the smallest message on that is faster as bytes than as JSON. Found by measurement: docs/performance.md. */
export const LARGE = 200;

/** Whether packed data holds so many values that its compact form is worth it. */
export function isLarge(packed: Packed): boolean {
  return weigh(packed, LARGE) < 0;
}

/** What is left of `room`; it is enough to know that nothing is. */
function weigh(packed: Packed, room: number): number {
  if (typeof packed !== 'object' || packed === null) return room - 1;
  if (Array.isArray(packed)) {
    let left = room - 1;
    for (let i = 0; i < packed.length && left >= 0; i++) left = weigh(packed[i]!, left);
    return left;
  }
  let left = room - 1;
  for (const key in packed) {
    if (left < 0) break;
    left = weigh(packed[key]!, left);
  }
  return left;
}
