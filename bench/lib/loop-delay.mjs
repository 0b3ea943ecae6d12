import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION = 2;

/** How late timers were: the 99th percentile, in milliseconds. */
export class LoopDelay {
  #histogram;

  start() {
    this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
    this.#histogram.enable();
  }

  stop() {
    this.#histogram.disable();
    return Math.max(0, this.#histogram.percentile(99) / 1e6 - RESOLUTION);
  }
}
