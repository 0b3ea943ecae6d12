import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const actors = new Set<Actor>();
process.once('exit', () => actors.forEach((actor) => actor.kill()));

/** A process of its own that plays a part in the story: the host, or a bot. None outlives the demo. */
export class Actor {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(script: string, env: Record<string, string>) {
    const file = fileURLToPath(new URL(`../${script}`, import.meta.url));
    this.#child = spawn(process.execPath, ['--import', 'tsx', file], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#exited = once(this.#child, 'exit');
    actors.add(this);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The first line that it prints; undefined if it ends without one. */
  async firstLine(): Promise<string | undefined> {
    if (this.#child.stdout === null) return undefined;
    for await (const line of createInterface(this.#child.stdout)) return line;
    return undefined;
  }

  /** SIGKILL: it has no chance to say goodbye to anybody. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Killed, and gone. */
  async end(): Promise<void> {
    this.kill();
    await this.#exited;
    actors.delete(this);
  }
}
