/** From this many bytes on, memory that is asked for anew costs several times what the copying into it does. */
const LARGE = 64 * 1024;

/** The memory of a copy that nobody needs any more, as long as the collector leaves it. */
let spare: WeakRef<Uint8Array> | undefined;

/** A copy of bytes as they are now. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < LARGE) return bytes.slice();
  const copy = memoryFor(bytes.length);
  copy.set(bytes);
  return copy;
}

/** A copy that was made here is not needed any more, by anybody: the next one may have its memory. */
export function giveBack(copy: Uint8Array): void {
  if (copy.length >= LARGE) spare = new WeakRef(new Uint8Array(copy.buffer));
}

function memoryFor(length: number): Uint8Array {
  const kept = spare?.deref();
  if (kept === undefined || kept.length < length || kept.length > 2 * length) return new Uint8Array(length);
  spare = undefined;
  return kept.subarray(0, length);
}
