import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from './failure.js';
import { colors, duration, remark } from './output.js';
import { Script } from './script.js';

/** Milliseconds to wait after the first crash; doubled with each further one. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** A script that has run so long has not failed at its start. */
const STEADY = 30_000;
const MOST_CRASHES = 5;

/** Keeps a script running: starts it again when it has crashed, a little later each time, and gives up when it never lasts. */
export class Keeper {
  /** What to exit with: the script was stopped, or does not last. */
  readonly ended: Promise<number>;
  readonly #stopping = new AbortController();
  #script: Script | undefined;

  constructor(
    private readonly file: string,
    private readonly args: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
    private readonly runner: string,
  ) {
    this.ended = this.#keep();
  }

  stop(): void {
    this.#stopping.abort();
    this.#script?.kill('SIGTERM');
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #keep(): Promise<number> {
    for (let crashes = 0; ; crashes++) {
      const began = performance.now();
      this.#script = new Script(this.file, this.args, this.env, this.runner);
      const code = await this.#script.exited;
      if (this.#isStopping) return EXIT.ok;
      // It has said why it makes no sense to try again.
      if (code === EXIT.usage) return code;
      if (performance.now() - began > STEADY) crashes = 0;
      if (crashes === MOST_CRASHES) return this.#giveUp(code);
      const wait = Math.min(FIRST_PAUSE * 2 ** crashes, LONGEST_PAUSE);
      remark(`${this.file} ended with ${code}; it is started again in ${duration(wait)}`);
      await pause(wait, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#isStopping) return EXIT.ok;
    }
  }

  #giveUp(code: number): number {
    process.stderr.write(`${colors(process.stderr).red('error:')} ${this.file} does not last: it has ended ${MOST_CRASHES + 1} times right after its start\n`);
    return code === EXIT.ok ? EXIT.failed : code;
  }
}
