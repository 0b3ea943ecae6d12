import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './answering.js';
import { PATIENCE, within } from './deadline.js';

/** A process that runs one fixture and answers questions (answering.ts). */
export class TestProcess {
  #lastQuestion = 0;
  #stderr = '';
  #stdout = '';
  readonly exited: Promise<{ code: number | null; signal: string | null }>;

  protected constructor(private readonly child: ChildProcess) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.exited = once(child, 'exit').then(([code, signal]: unknown[]) => ({ code: code as number | null, signal: signal as string | null }));
  }

  static async start(fixture: URL, env: Record<string, string> = {}): Promise<TestProcess> {
    return new TestProcess(await launch(fixture, env));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it has written to stderr: warnings, and the error it died of. */
  get stderr(): string {
    return this.#stderr;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async ask<T = unknown>(name: string, ...args: unknown[]): Promise<T> {
    const ask = ++this.#lastQuestion;
    const answered = new Promise<T>((resolve, reject) => {
      const look = (message: Partial<Answer>): void => {
        if (message.answer !== ask) return;
        this.child.off('message', look);
        if (message.error === undefined) resolve(message.value as T);
        else reject(new Error(`in the other process: ${message.error}`));
      };
      this.child.on('message', look);
      void this.exited.then(() => reject(new Error(`the process exited before it answered ${name}: ${this.#stderr}`)));
    });
    this.child.send({ ask, name, args } satisfies Question);
    return within(PATIENCE, `the answer to ${name}`, answered);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    if (this.isRunning) this.kill();
    await this.exited;
  }
}

/** Resolves when the fixture says that it is ready. */
export async function launch(fixture: URL, env: Record<string, string>): Promise<ChildProcess> {
  const child = fork(fileURLToPath(fixture), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let stderr = '';
  const hear = (chunk: Buffer): void => void (stderr += String(chunk));
  child.stderr?.on('data', hear);
  const exited = once(child, 'exit').then(() => {
    throw new Error(`the fixture ended before it was ready: ${stderr}`);
  });
  await within(PATIENCE, `${fixture.pathname} to be ready`, Promise.race([once(child, 'message'), exited]));
  exited.catch(() => {});
  child.stderr?.off('data', hear);
  return child;
}
