import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PATIENCE, within } from './deadline.js';

/** A process of its own that runs one TypeScript file. It is given `env` besides the test's own environment. */
export class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #stderr = '';

  constructor(file: URL, env: Record<string, string> = {}) {
    this.#process = fork(fileURLToPath(file), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#exited = once(this.#process, 'exit');
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What it has written to stderr: warnings, and the error it died of. */
  get stderr(): string {
    return this.#stderr;
  }

  send(message: string): void {
    this.#process.send(message);
  }

  /** The next message that it sends; an error if it exits first. */
  async message(what: string): Promise<unknown> {
    const exited = this.#exited.then(() => {
      throw new Error(`The process exited before ${what}: ${this.#stderr}`);
    });
    const arrived = once(this.#process, 'message').then(([message]: unknown[]) => message);
    return within(PATIENCE, what, Promise.race([arrived, exited]));
  }

  /** SIGKILL: it cannot say goodbye to anybody. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.kill();
    await this.#exited;
  }
}
