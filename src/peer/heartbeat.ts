import type { Platform } from '../platform.js';

/** The time in which a peer must be heard of is cut into so many parts. */
const PARTS = 16;
/** Who has said nothing for about so many parts says that it is there. */
const BEAT = 3;
/** No peer makes us beat faster than for this. */
const SHORTEST = 160;

export interface HeartbeatOptions {
  readonly platform: Platform;
  /** limits.heartbeat; 0: never. */
  readonly within: number;
  /** Whether anything was sent since it was last asked. */
  readonly hasSent: () => boolean;
  readonly beat: () => void;
  readonly stopped: () => void;
}

/**
 * Finds a peer that has stopped, or cannot be reached any more, within `within` and a quarter more or less; and lets the
 * other side find us alive. Each side says in its greeting how soon it wants to hear of the other, and who has nothing else
 * to say beats. So one that is slow to read, or busy for half of the time, is heard of all the same.
 *
 * Silence is counted in parts, one for each time that we have looked, and not measured by the clock: when it was we who had
 * stopped, or were busy, that is one part, whatever it took.
 */
export class Heartbeat {
  #silent = 0;
  #heard = true;
  /** When we have last looked whether something was sent, and since when perhaps nothing was. */
  #looked = 0;
  #silentSince = 0;
  #ended = false;
  #stops: (() => void)[] = [];
  /** Milliseconds after which we should have said something, if the other side wants to hear of us. */
  beatEvery = Infinity;

  constructor(private readonly options: HeartbeatOptions) {}

  /** The other side was heard of. */
  heard(): void {
    this.#heard = true;
  }

  /** The greetings are exchanged: `wanted` is how soon the other side wants to hear of us. */
  begin(wanted: unknown): void {
    const { within } = this.options;
    if (within > 0) this.#every(within / PARTS, () => this.#watch());
    if (typeof wanted !== 'number' || wanted <= 0) return;
    const part = Math.max(wanted, SHORTEST) / PARTS;
    this.beatEvery = part * BEAT;
    this.#looked = this.#silentSince = this.options.platform.now();
    this.#every(part, () => this.#speak(part));
  }

  end(): void {
    this.#ended = true;
    for (const stop of this.#stops) stop();
  }

  #every(ms: number, task: () => void): void {
    const place = this.#stops.length;
    const next = (): void => {
      this.#stops[place] = this.options.platform.after(ms, () => {
        task();
        if (!this.#ended) next();
      });
    };
    next();
  }

  #watch(): void {
    this.#silent = this.#heard ? 0 : this.#silent + 1;
    this.#heard = false;
    if (this.#silent >= PARTS) this.options.stopped();
  }

  /** By the clock: who is busy looks seldom, and what it has sent may have been just after it looked. */
  #speak(part: number): void {
    const now = this.options.platform.now();
    if (this.options.hasSent()) this.#silentSince = this.#looked;
    this.#looked = now;
    if (now - this.#silentSince < this.beatEvery - part / 2) return;
    this.#silentSince = now;
    this.options.beat();
  }
}
