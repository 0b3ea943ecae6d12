import { EventEmitter } from 'node:events';
import { basename, extname } from 'node:path';
import type { RoleNewsItem } from '../../roles/news.js';
import { environment } from './environment.js';
import { HostWatches } from './host-watches.js';
import type { News, Run } from './news.js';
import { Task, type TaskOwner } from './task.js';

export interface RunnerOptions {
  /** Absolute paths. Each has processes, versions and a role of its own. */
  readonly scripts: readonly string[];
  /** Given to each of them. */
  readonly args?: readonly string[];
  /** The host that their `connect()` leads to. By default what DYNOBOT_HOST says, in the environment or in `.env`. */
  readonly host?: string | undefined;
  /** The role that they take turns in. By default each has one of its file's name. */
  readonly role?: string | undefined;
  /** How many processes of each script share the role: 1 by default. */
  readonly instances?: number;
  /** Whether a save of the script, or of what it imports, begins a new version. */
  readonly watch?: boolean;
  /** Milliseconds that a process has until it must be ready: 30,000 by default. */
  readonly deadline?: number;
  /** Besides this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** A program that runs each script in its stead, with the script as its first argument. */
  readonly by?: string;
}

const DEADLINE = 30_000;

/**
 * Runs scripts that take turns in roles: new versions beside the old, until they are ready; crashed ones again. It prints
 * nothing: all that happens is an event `news`.
 *
 * @example
 * const runner = new Runner({ scripts: ['/srv/bot.ts'], host: 'bot', watch: true }).on('news', (news) => log(news));
 * process.once('SIGINT', () => runner.stop());
 * process.exitCode = await runner.run();
 */
export class Runner extends EventEmitter<{ news: [news: News] }> implements TaskOwner {
  readonly hosts: HostWatches;
  readonly #tasks: ReadonlySet<Task>;
  readonly #codes = new Map<Task, number>();
  readonly #runs = new Map<number, Run>();
  #finished!: (exitCode: number) => void;

  /** @throws DynobotError ERR_DYNOBOT_ADDRESS */
  constructor({ scripts, args = [], role, instances = 1, watch = false, deadline = DEADLINE, by, ...options }: RunnerOptions) {
    super();
    const host = options.host ?? environment()['DYNOBOT_HOST'];
    const env = { ...options.env, ...(host ? { DYNOBOT_HOST: host } : {}) };
    this.hosts = new HostWatches((news) => this.tell(news), (news) => this.#lost(news));
    if (host) this.hosts.watch(host);
    this.#tasks = new Set(scripts.map((file) => new Task({ file, args, env, by, role: role ?? nameOf(file), instances, watch, deadline }, this)));
  }

  /** Runs until there is nothing left to run, and nothing to wait for. Returns an exit code. */
  async run(): Promise<number> {
    const finished = new Promise<number>((resolve) => (this.#finished = resolve));
    for (const task of this.#tasks) void task.run();
    const code = await finished;
    await this.hosts.close();
    return code;
  }

  /** Everything finishes what it has in hand, and goes. */
  async stop(): Promise<void> {
    await Promise.all([...this.#tasks].map((task) => task.stop()));
    this.#finished(0);
  }

  /** Everything goes at once. */
  kill(): void {
    for (const task of this.#tasks) task.kill();
  }

  signal(signal: NodeJS.Signals): void {
    for (const task of this.#tasks) task.signal(signal);
  }

  /** @internal */
  tell(news: News): void {
    if (news.kind === 'live') this.#runs.set(news.run.pid, news.run);
    this.emit('news', news);
  }

  /** @internal */
  over(task: Task, exitCode: number): void {
    this.#codes.set(task, exitCode);
    if (this.#codes.size === this.#tasks.size) this.#finished([...this.#codes.values()].find((code) => code !== 0) ?? 0);
  }

  #lost(loss: Extract<RoleNewsItem, { kind: 'lost' }>): void {
    const run = loss.who && this.#runs.get(loss.who.pid);
    if (run !== undefined) this.tell({ kind: 'lost', run, loss });
  }
}

function nameOf(file: string): string {
  return basename(file, extname(file));
}
