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

/** What is done again and again. */
interface Round {
  readonly every: number;
  readonly task: () => void;
  due: number;
}

/**
 * Finds a peer that has stopped, or cannot be reached any more, within `within` and a quarter more or less; and lets the
 * other side find us alive. Each side says in its greeting how soon it wants to hear of the other, and who has nothing else
 * to say beats. So one that is slow to read, or busy for half of the time, is heard of all the same.
 *
 * Silence is counted in parts, one for each time that we have looked, and not measured by the clock: when it was we who had
 * stopped, or were busy, that is one part, whatever it took.
 *
 * A timer gives it its turns. Who stands still, and whose timers do, gives it them himself: when `dueIn` has passed, and what
 * has come by then was taken.
 */
export class Heartbeat {
  #silent = 0;
  #heard = true;
  /** When we have last looked whether something was sent, and since when perhaps nothing was. */
  #looked = 0;
  #silentSince = 0;
  readonly #rounds: Round[] = [];
  #callOff: (() => void) | undefined;

  constructor(private readonly options: HeartbeatOptions) {}

  /** The other side was heard of. */
  heard(): void {
    this.#heard = true;
  }

  /** The greetings are exchanged: `wanted` is how soon the other side wants to hear of us. */
  begin(wanted: unknown): void {
    const { within, platform } = this.options;
    if (within > 0) this.#every(within / PARTS, () => this.#watch());
    if (typeof wanted === 'number' && wanted > 0) {
      const part = Math.max(wanted, SHORTEST) / PARTS;
      this.#looked = this.#silentSince = platform.now();
      this.#every(part, () => this.#speak(part));
    }
    if (this.#rounds.length > 0) this.#await();
  }

  end(): void {
    this.#rounds.length = 0;
    this.#callOff?.();
  }

  /** Milliseconds until something is to be done. */
  get dueIn(): number {
    let due = Infinity;
    for (const round of this.#rounds) due = Math.min(due, round.due);
    return due === Infinity ? due : Math.max(0, due - this.options.platform.now());
  }

  /** Does what is due: once, however long it has been so. */
  turn(): void {
    const now = this.options.platform.now();
    for (const round of this.#rounds) {
      if (round.due > now) continue;
      round.due = now + round.every;
      round.task();
    }
  }

  #every(every: number, task: () => void): void {
    this.#rounds.push({ every, task, due: this.options.platform.now() + every });
  }

  #await(): void {
    this.#callOff = this.options.platform.after(Math.ceil(this.dueIn), () => {
      this.turn();
      if (this.#rounds.length > 0) this.#await();
    });
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
    if (now - this.#silentSince < part * (BEAT - 0.5)) return;
    this.#silentSince = now;
    this.options.beat();
  }
}
