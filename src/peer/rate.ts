import { limitError } from '../errors.js';

const SECOND = 1000;

/** Bounds the calls of a peer in a second. The clock is looked at only when they have become many. */
export class Rate {
  #count = 0;
  #since: number;

  constructor(
    private readonly most: number,
    private readonly now: () => number,
  ) {
    this.#since = now();
  }

  /** @throws DynobotError ERR_DYNOBOT_LIMIT_RATE */
  count(): void {
    if (++this.#count <= this.most) return;
    const now = this.now();
    if (now - this.#since < SECOND) throw limitError('RATE', `no more than ${this.most} calls in a second (limits.callsPerSecond)`);
    this.#since = now;
    this.#count = 1;
  }
}
