/** A process that ran for so many milliseconds was all right, whatever has ended it. */
const STABLE = 30_000;
const MOST_CRASHES = 5;
const FIRST_PAUSE = 250;

/** How often a script has crashed soon after its start, and how long it waits for its next start. */
export class Backoff {
  #crashes = 0;

  get crashes(): number {
    return this.#crashes;
  }

  /** Milliseconds until it may start again; undefined: it has crashed too often. */
  crashed(ranFor: number): number | undefined {
    if (ranFor >= STABLE) this.#crashes = 0;
    if (++this.#crashes >= MOST_CRASHES) return undefined;
    return FIRST_PAUSE * 2 ** (this.#crashes - 1);
  }

  /** Its code is another one now. */
  reset(): void {
    this.#crashes = 0;
  }
}
