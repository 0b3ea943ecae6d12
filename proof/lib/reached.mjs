// Which blocks of dynobot's code have run in this process, as V8 counts them.
import { Session } from 'node:inspector/promises';

export class Reached {
  #session = new Session();
  #seen = new Set();
  /** Blocks of the code, as far as V8 has told of them. */
  #all = new Set();

  static async watch() {
    const reached = new Reached();
    reached.#session.connect();
    await reached.#session.post('Profiler.enable');
    await reached.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return reached;
  }

  get size() {
    return this.#seen.size;
  }

  get share() {
    return this.#seen.size / this.#all.size;
  }

  /** How many blocks have run since this was last asked that never had before. `forget`: ask as if it had not been asked. */
  async news({ forget = false } = {}) {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    let news = 0;
    for (const { url, functions } of result) {
      if (!url.includes('/dist/')) continue;
      for (const { functionName, ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          const block = `${url.slice(-12)} ${functionName} ${startOffset} ${endOffset}`;
          this.#all.add(block);
          if (count === 0 || this.#seen.has(block)) continue;
          news++;
          if (!forget) this.#seen.add(block);
        }
      }
    }
    return news;
  }
}
