import { HIGH_WATER, type Transport } from '../transports/transport.js';
import { VERB } from '../wire.js';
import { Queue, type Held } from './queue.js';

/**
 * What happens when a peer reads so slowly that more than `limits.queue` would wait for it.
 *
 * - `disconnect`: its session ends with ERR_DYNOBOT_LIMIT_QUEUE.
 * - `drop-oldest`: the oldest events that wait are dropped, and the peer is told how many, in their place (`gap`). Answers,
 *   and whatever else is no event, are never dropped: if they alone are too much, the session ends.
 * - `pause`: from half of the bound on, the objects that it listens to are paused (`pause()`, `resume()`), until it has
 *   read what waits. Those that cannot be paused go on, and beyond the bound the session ends.
 */
export type SlowPolicy = 'disconnect' | 'drop-oldest' | 'pause';

export interface SlowReaderOptions {
  readonly policy: SlowPolicy;
  /** limits.queue */
  readonly most: number;
  /** Pauses what the peer listens to, or resumes it. */
  readonly pause: (paused: boolean) => void;
  /** The bound is exceeded. */
  readonly exceeded: () => void;
}

/** Watches how much waits for one peer, and keeps it bounded. */
export class SlowReader {
  /** Messages wait here, and not in the transport, so that they can still be dropped. */
  holds = false;
  /** Events that were dropped. */
  dropped = 0;
  #paused = false;
  #ended = false;
  readonly #queue = new Queue();
  // Here as well: they are looked at with every frame.
  readonly #policy: SlowPolicy;
  readonly #most: number;

  constructor(
    private readonly transport: Transport,
    private readonly options: SlowReaderOptions,
  ) {
    this.#policy = options.policy;
    this.#most = options.most;
  }

  /** Whether the transport may be given so much more. If not, the session has been ended. */
  mayTake(size: number): boolean {
    const { buffered } = this.transport;
    if (!(buffered > 0 && buffered + size > this.#most)) return true;
    this.options.exceeded();
    return false;
  }

  /** A frame was given to the transport. */
  sent(): void {
    if (this.#policy === 'disconnect' || this.#ended) return;
    const { buffered } = this.transport;
    if (this.#policy === 'drop-oldest') this.holds = buffered >= HIGH_WATER;
    else if (!this.#paused && buffered >= Math.max(HIGH_WATER, this.#most / 2)) this.#pause(true);
  }

  hold(held: Held): void {
    this.#queue.add(held);
    while (this.#queue.size + this.transport.buffered > this.#most) {
      if (!this.#queue.dropOldest((count) => `[${VERB.gap},${count}]`)) return this.options.exceeded();
      this.dropped++;
    }
  }

  /** The transport has room. Returns whether there is something to be sent on. */
  drained(): boolean {
    if (this.#paused) this.#pause(false);
    const held = this.holds;
    this.holds = false;
    return held;
  }

  /** The next message that waited, as long as there is room. */
  next(): Held | undefined {
    return this.holds ? undefined : this.#queue.take();
  }

  /** The session ends in order: what waits goes to the transport, and nothing is held any more. */
  letGo(): void {
    this.#ended = true;
    this.holds = false;
  }

  end(): void {
    this.letGo();
    this.#queue.clear();
    if (this.#paused) this.#pause(false);
  }

  #pause(paused: boolean): void {
    this.#paused = paused;
    this.options.pause(paused);
  }
}
