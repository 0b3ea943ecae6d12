import type { EventLoopUtilization } from 'node:perf_hooks';
import type { Collector } from '../platform.js';
import { Need, OVERLOAD } from './need.js';

/**
 * Collects this process's garbage so that the other processes learn what is not needed any more. V8 itself does not hurry
 * when the garbage is elsewhere: a proxy is small, whatever it stands for.
 *
 * Major collections only (minor ones never finalize), as a task of their own, so that nothing on a stack is kept.
 */
class IdleCollector implements Collector {
  readonly #need = new Need();
  #timer: NodeJS.Timeout | undefined;
  #lookAt = Infinity;
  #collecting = false;
  #usage: EventLoopUtilization | undefined;
  #collect: (() => void) | undefined;

  grown(): void {
    const made = this.#need.grown();
    if (made === 1) this.#watch();
    // The timer is late when the process is busy, and then references are many.
    else if (made % OVERLOAD === 0) this.#look();
  }

  loosened(): void {
    if (this.#need.loosened() === 1) this.#watch();
  }

  shrunk(count: number): void {
    this.#need.shrunk(count);
  }

  asked(): void {
    this.#need.asked();
    this.#watch();
  }

  #watch(): void {
    const now = performance.now();
    const wait = this.#need.nextLook(now);
    if (wait === undefined || this.#collecting || this.#lookAt <= now + wait) return;
    this.#usage ??= performance.eventLoopUtilization();
    clearTimeout(this.#timer);
    this.#lookAt = now + wait;
    this.#timer = setTimeout(() => this.#look(), wait).unref();
  }

  #look(): void {
    if (this.#collecting) return;
    this.#lookAt = Infinity;
    const usage = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(usage, this.#usage);
    this.#usage = usage;
    if (!this.#need.look(performance.now(), utilization)) return this.#watch();
    this.#collecting = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#collect ??= collection();
    this.#need.began();
    this.#need.finished(...timed(() => this.#collect?.()));
    this.#collecting = false;
    this.#watch();
  }
}

/**
 * When the task ended, and how many milliseconds it took of this process's time: on a machine that is busy with others,
 * the clock alone would make collections look dear, and so too seldom.
 */
function timed(task: () => void): [ended: number, milliseconds: number] {
  const began = performance.now();
  const used = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(used);
  const ended = performance.now();
  return [ended, Math.min(ended - began, (user + system) / 1000)];
}

/**
 * V8's own collection, which it hands out only to a context that is made while the flag is set. Threads share the flags:
 * if another one has just unset it, there is none this time.
 */
function collection(): (() => void) | undefined {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  const { runInNewContext } = process.getBuiltinModule('node:vm');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('globalThis.gc') as (() => void) | undefined;
  if (globalThis.gc === undefined) setFlagsFromString('--no-expose-gc');
  return gc && (() => gc());
}

/** One for the process: its garbage is that of all sessions. */
export const nodeCollector: Collector = new IdleCollector();
