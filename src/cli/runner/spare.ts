import { isDeepStrictEqual } from 'node:util';
import type { ScriptProcess, ScriptSpec } from './script-process.js';

/** Milliseconds after which a spare process is made, so as not to be in the way of what has just begun. */
const LATER = 50;

/**
 * A process for the next version of a script, made while there is time: Node and the loaders take longer to start than
 * most scripts. It has not looked at the script, and waits for `go`.
 */
export class Spare {
  #ready: { process: ScriptProcess; spec: ScriptSpec } | undefined;
  #timer: NodeJS.Timeout | undefined;

  prepare(make: () => ScriptProcess): void {
    clearTimeout(this.#timer);
    if (this.#ready !== undefined) return;
    this.#timer = setTimeout(() => {
      const process = make();
      const made = { process, spec: process.spec };
      this.#ready = made;
      void process.exited.then(() => {
        if (this.#ready === made) this.#ready = undefined;
      });
    }, LATER);
  }

  /** The process, under way with its script, if it was made for the same environment. */
  take(spec: ScriptSpec): ScriptProcess | undefined {
    clearTimeout(this.#timer);
    const spare = this.#ready;
    if (spare === undefined) return undefined;
    this.#ready = undefined;
    if (isDeepStrictEqual(spare.spec, spec)) {
      spare.process.go();
      return spare.process;
    }
    spare.process.kill();
    return undefined;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#ready?.process.kill();
    this.#ready = undefined;
  }
}
