import { protocolError } from '../errors.js';
import type { Outcome, RolePost } from '../peer/role-end.js';
import type { Platform } from '../platform.js';

/** What a process has in hand of the events that it was given. It tells the host once a turn, however many events there were. */
export class Handling {
  #taken = 0;
  readonly #open = new Set<number>();
  #begun: number[] = [];
  #settled: number[] = [];
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(
    private readonly post: RolePost,
    private readonly platform: Platform,
  ) {}

  /** @throws a protocol error for a number that is not the next */
  take(number: number, run: () => Outcome): void {
    if (number !== this.#taken + 1) throw protocolError('an event of a role has a wrong number');
    this.#taken = number;
    const { works, threw } = run();
    if (works.length > 0 || threw) this.#begin(number, works, threw);
    this.#schedule();
  }

  /** Resolves when no handler is running any more. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#open.size === 0) resolve();
      else this.#idle.push(resolve);
    });
  }

  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /**
   * An event that a listener has failed at is settled only if the process survives that: so it is still in hand if the
   * failure ends the process, as a failure that nobody catches does.
   */
  #begin(number: number, works: Outcome['works'], threw: boolean): void {
    this.#open.add(number);
    this.#begun.push(number);
    let left = works.length;
    let failed = threw;
    const one = (): void => {
      if (--left > 0) return;
      if (failed) this.platform.after(0, () => this.#settle(number));
      else this.#settle(number);
    };
    // Rejections go on: they are this process's own, as those of any listener.
    for (const work of works) void Promise.resolve(work).then(one, (error: unknown) => {
      failed = true;
      one();
      throw error;
    });
    if (left === 0) one();
  }

  #settle(number: number): void {
    this.#open.delete(number);
    this.#settled.push(number);
    this.#schedule();
    if (this.#open.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.platform.defer(this.#tell);
  }

  readonly #tell = (): void => {
    this.#scheduled = false;
    if (this.post.ended) return;
    this.post.handled(this.#taken, this.#begun, this.#settled);
    this.#begun = [];
    this.#settled = [];
  };

  /** What is handled is told now, so that it comes before what follows. */
  flush(): void {
    if (this.#scheduled) this.#tell();
  }
}
