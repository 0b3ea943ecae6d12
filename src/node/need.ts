/** A process has time to spare if it has worked for less than this part of the time, and little to do below that. */
const IDLE = 0.6;
const CALM = 0.1;
/** From so many new references on, garbage is a burden to the other side: it is collected as soon as the process idles. */
const BURDEN = 10_000;
/** From so many on, idleness is not waited for. */
export const OVERLOAD = 20_000;
/** So many references are worth a collection of their own. */
const FEW = 100;
/** Milliseconds without a new reference after which even a few are worth a collection, and after which a single one is. */
const QUIET_FEW = 1_000;
const QUIET_ONE = 3_000;
/**
 * The same for a single one where there is something to do. Its work stands still, and then is slow for a second: a collection
 * that finds no request in hand takes the hidden classes of requests with it, and V8 throws away all code compiled for them.
 */
const QUIET_BUSY = 30_000;
/** References that survived a collection are looked at again after so many milliseconds, twice as many each time it was in vain. */
const AGAIN_FIRST = 3_000;
const AGAIN_MOST = 60_000;
/** Collecting takes at most one part in so many of the time: when it is needed, when it is good, when it is merely nice. */
const SHARE_NEEDED = 8;
const SHARE_GOOD = 25;
const SHARE_NICE = 100;
/** How often the need is looked at while there is something new, in milliseconds. */
const LOOK = 100;

/** Decides when garbage is worth a collection. Pure: it is told the time and what has happened. */
export class Need {
  /** References made since the last collection. */
  #made = 0;
  /** How often something was let go since then: only a hint that some are garbage. */
  #loosened = 0;
  #live = 0;
  #asked = false;
  #newsAtLook = 0;
  #quietSince = 0;
  #freed = 0;
  #again = AGAIN_FIRST;
  #ended = -Infinity;
  #duration = 0;

  /** Returns how many references are new. */
  grown(): number {
    this.#live++;
    return ++this.#made;
  }

  /** Returns how often, since the last collection. */
  loosened(): number {
    return this.#live === 0 ? 0 : ++this.#loosened;
  }

  shrunk(count: number): void {
    this.#live -= count;
    this.#freed += count;
  }

  asked(): void {
    this.#asked = true;
  }

  /** Milliseconds until the need should be looked at, or undefined if there cannot be any. */
  nextLook(now: number): number | undefined {
    if (this.#made > 0 || this.#loosened > 0 || this.#asked) return LOOK;
    return this.#live < FEW ? undefined : Math.max(LOOK, this.#ended + this.#again - now);
  }

  /** Whether to collect now. `load`: for which part of the time the process has worked since it was last asked. */
  look(now: number, load: number): boolean {
    const news = this.#made + this.#loosened;
    if (news !== this.#newsAtLook) this.#quietSince = now;
    this.#newsAtLook = news;
    const share = this.#share(now, load);
    return share !== undefined && now - this.#ended >= this.#duration * share;
  }

  /** A collection begins: it finds what is garbage until now. */
  began(): void {
    const isNews = this.#made + this.#loosened + this.#freed > 0 || this.#asked;
    this.#again = isNews ? AGAIN_FIRST : Math.min(2 * this.#again, AGAIN_MOST);
    this.#made = this.#loosened = this.#newsAtLook = this.#freed = 0;
    this.#asked = false;
  }

  finished(now: number, duration: number): void {
    this.#ended = now;
    this.#duration = duration;
  }

  #share(now: number, load: number): number | undefined {
    if (this.#made >= OVERLOAD) return SHARE_NEEDED;
    if (load >= IDLE) return undefined;
    if (this.#made >= BURDEN || this.#asked) return SHARE_NEEDED;
    const quiet = now - this.#quietSince;
    if (this.#made >= FEW && quiet >= QUIET_FEW) return SHARE_GOOD;
    const isCalm = load < CALM;
    const isNice = this.#made + this.#loosened > 0 ? quiet >= (isCalm ? QUIET_ONE : QUIET_BUSY) : isCalm && this.#live >= FEW && now - this.#ended >= this.#again;
    return isNice ? SHARE_NICE : undefined;
  }
}
