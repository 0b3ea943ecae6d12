import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Collector } from '../platform.js';

/** How often the need is looked at, in milliseconds; only while there is any. */
const LOOK = 100;
/** From so many new references on, garbage is a burden to the other side: it is collected as soon as the process idles. */
const BURDEN = 10_000;
/** From so many on, it is not waited for idleness. */
const OVERLOAD = 20_000;
/** Quiet looks after which even a few references are worth a collection, and after which a single one is. */
const QUIET_FEW = 10;
const QUIET_ONE = 30;
const FEW = 100;
/** A process is idle if it has worked for less than this part of the time. */
const IDLE = 0.6;
/** Collecting takes at most one part in so many of the time: when it is needed, and when it is merely nice. */
const SHARE_NEEDED = 8;
const SHARE_NICE = 100;

/**
 * Collects this process's garbage so that the other processes learn what is not needed any more. V8 itself does not hurry
 * when the garbage is elsewhere: a proxy is small, whatever it stands for.
 *
 * Major collections only (minor ones never finalize), as a task of their own, so that nothing on a stack is kept.
 */
class IdleCollector implements Collector {
  #made = 0;
  #asked = false;
  #quiet = 0;
  #madeAtLook = 0;
  #timer: NodeJS.Timeout | undefined;
  #collecting = false;
  #duration = 0;
  #ended = -Infinity;
  #usage = performance.eventLoopUtilization();
  #collect: (() => Promise<void>) | undefined;

  grown(): void {
    this.#made++;
    if (this.#timer === undefined) this.#watch();
    else if (this.#made % OVERLOAD === 0) this.#look();
  }

  asked(): void {
    this.#asked = true;
    this.#watch();
  }

  #watch(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK).unref();
  }

  #look(): void {
    if (this.#collecting) return;
    this.#quiet = this.#made === this.#madeAtLook ? this.#quiet + 1 : 0;
    this.#madeAtLook = this.#made;
    const usage = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(usage, this.#usage);
    this.#usage = usage;
    const share = this.#share(utilization < IDLE);
    if (share !== undefined && performance.now() - this.#ended >= this.#duration * share) void this.#run();
  }

  /** How much the collection may cost, or undefined if it should not be now. */
  #share(idle: boolean): number | undefined {
    if (this.#made >= OVERLOAD || (idle && (this.#made >= BURDEN || this.#asked))) return SHARE_NEEDED;
    const quiet = this.#quiet >= QUIET_ONE || (this.#quiet >= QUIET_FEW && this.#made >= FEW);
    return idle && quiet ? SHARE_NICE : undefined;
  }

  async #run(): Promise<void> {
    this.#collecting = true;
    this.#made = this.#madeAtLook = this.#quiet = 0;
    this.#asked = false;
    const began = performance.now();
    await (this.#collect ??= collection())();
    this.#ended = performance.now();
    this.#duration = this.#ended - began;
    this.#collecting = false;
    if (this.#made > 0 || this.#asked) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** V8's own collection, which it hands out only to a context that is made while the flag is set. */
function collection(): () => Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: object) => Promise<void>;
  if (globalThis.gc === undefined) setFlagsFromString('--no-expose-gc');
  return () => gc({ type: 'major', execution: 'async' });
}

/** One for the process: its garbage is that of all sessions. */
export const nodeCollector: Collector = new IdleCollector();
