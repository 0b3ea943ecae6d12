import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PATIENCE, within } from '../support/deadline.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** One run of `dynobot`, as a shell would start it. */
export class Command {
  readonly process: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #outputs = { stdout: '', stderr: '' };

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string) {
    this.process = spawn(process.execPath, [MAIN, ...args], { env, cwd, stdio: 'pipe' });
    for (const name of ['stdout', 'stderr'] as const) {
      this.process[name]!.setEncoding('utf8').on('data', (text: string) => (this.#outputs[name] += text));
    }
    this.process.stdin!.on('error', () => {}); // It may exit before it has read everything.
    this.#closed = once(this.process, 'close');
  }

  get stdout(): string {
    return this.#outputs.stdout;
  }

  get stderr(): string {
    return this.#outputs.stderr;
  }

  /** Everything up to and including the first text that matches; an error if the command ends without it. */
  async prints(what: RegExp, on: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    const stream = this.process[on]!;
    const matched = new Promise<string>((resolve) => {
      const look = (): void => {
        if (what.test(this.#outputs[on])) resolve(this.#outputs[on]);
      };
      stream.on('data', look);
      look();
    });
    const ended = this.#closed.then(() => {
      if (!what.test(this.#outputs[on])) throw new Error(`It ended without printing ${what}: ${this.stdout}${this.stderr}`);
      return this.#outputs[on];
    });
    return this.#within(`${what}`, Promise.race([matched, ended]));
  }

  types(text: string): this {
    this.process.stdin!.write(text);
    return this;
  }

  signal(signal: NodeJS.Signals): this {
    this.process.kill(signal);
    return this;
  }

  async outcome(): Promise<Outcome> {
    await this.#within('its end', this.#closed);
    return { code: this.process.exitCode, ...this.#outputs };
  }

  async end(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#closed;
  }

  async #within<T>(what: string, promise: Promise<T>): Promise<T> {
    try {
      return await within(PATIENCE, what, promise);
    } catch (error) {
      throw new Error(`dynobot printed ${JSON.stringify(this.#outputs)}`, { cause: error });
    }
  }
}
