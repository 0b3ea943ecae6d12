const KEPT_BYTES = 64 * 1024;
const NONE = Buffer.alloc(0);

/** Bytes that arrive piece by piece until they are whole. Grows by doubling, so that n bytes cost O(n) in any pieces. */
export class Gathering {
  #bytes = NONE;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** All of it, to be read before the next `add`; the gathering starts anew. */
  take(): Buffer {
    const whole = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    // One big frame must not hold its memory for the rest of the session.
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = NONE;
    return whole;
  }

  #grow(atLeast: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(atLeast, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
