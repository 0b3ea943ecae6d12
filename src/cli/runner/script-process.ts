import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { isTypeScript, typeScriptArguments } from '../typescript.js';
import { failureOf, type Exit, type Failure } from './failure.js';
import { HOLD, ORDERS, REPORTS, type Order, type Problem, type Report } from './reports.js';

/** What is run, and how. */
export interface ScriptSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** A program that runs the script in its stead, with the script as its first argument. */
  readonly by?: string | undefined;
  /** Milliseconds until it must be ready. */
  readonly deadline: number;
}

/** What is heard of a script's process before it is ready, and after. */
export interface ScriptWatcher {
  /** A file that the script is made of, or would be if it were there. */
  depends(file: string): void;
  /** It has a connection with a role, to the host at this address. */
  opened(address: string): void;
}

/** Milliseconds that a process has to go when it is told to, if its host does not give it longer for what it has in hand. */
const DRAIN = 12_000;

/** Milliseconds that it has beyond those that its host gives it. */
const BEYOND = 2000;

/** A timer that is set for longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One process of a script. It is `started` when it is ready, or will not be. */
export class ScriptProcess {
  /** When its script began. */
  began = performance.now();
  readonly started: Promise<Failure | undefined>;
  readonly exited: Promise<Exit>;
  isRetiring = false;
  wasKilled = false;
  hasRole = false;
  /** Another process has its turn now. */
  hasLostTurn = false;
  readonly #process: ChildProcess;
  readonly #loaded = new Set<string>();
  #problem: Problem | undefined;
  #drain = DRAIN;
  #late: NodeJS.Timeout | undefined;
  #live = (): void => {};
  #begin = (): void => {};

  constructor(
    readonly spec: ScriptSpec,
    private readonly watcher: ScriptWatcher,
    /** Whether it waits for `go` before it runs the script. */
    isHeld = false,
  ) {
    const { file, args, env, by } = spec;
    const loader = isTypeScript(file) ? typeScriptArguments() : [];
    const own = ['--import', new URL('./child.js', import.meta.url).href];
    const run = by === undefined ? [file] : [by, file];
    this.#process = spawn(process.execPath, [...process.execArgv, ...loader, ...own, ...run, ...args], { env: isHeld ? { ...env, [HOLD]: '1' } : env, stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'] });
    // What it says last comes before its end.
    this.exited = once(this.#process, 'close').then(() => ({ code: this.#process.exitCode, signal: this.#process.signalCode }));
    const begun = isHeld ? new Promise<void>((go) => (this.#begin = go)) : undefined;
    this.started = this.#start(begun);
    this.#follow();
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Runs the script of a process that was held. */
  go(): void {
    this.began = performance.now();
    this.#begin();
    this.#order('go');
  }

  /** Why it has ended. */
  failure(exit: Exit | 'late'): Failure {
    return failureOf(this.#problem, exit, this.spec.deadline, this.#loaded);
  }

  /** It finishes what it has in hand, and goes; or is killed when that takes too long. */
  retire(): void {
    if (this.isRetiring) return;
    this.isRetiring = true;
    this.#order('retire');
    this.#killLate();
    void this.exited.then(() => clearTimeout(this.#late));
  }

  /** The host says how long it may take; before the order to go, or because of it. */
  #mayDrain(time: number | 'forever'): void {
    this.#drain = Math.max(this.#drain, time === 'forever' ? Infinity : time + BEYOND);
    if (this.isRetiring && !this.hasExited) this.#killLate();
  }

  #killLate(): void {
    clearTimeout(this.#late);
    if (this.#drain <= LONGEST_TIMER) this.#late = setTimeout(() => this.kill(), this.#drain);
  }

  kill(): void {
    this.wasKilled = true;
    this.#process.kill('SIGKILL');
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async #start(begun: Promise<void> | undefined): Promise<Failure | undefined> {
    await begun;
    const live = new Promise<'live'>((resolve) => (this.#live = () => resolve('live')));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), this.spec.deadline)));
    const outcome = await Promise.race([live, late, this.exited]);
    clearTimeout(timer);
    if (outcome === 'live') return undefined;
    if (outcome === 'late') this.kill();
    return this.failure(outcome);
  }

  get #orders(): Writable {
    return this.#process.stdio[ORDERS] as Writable;
  }

  #order(order: Order): void {
    this.#orders.write(`${order}\n`);
  }

  #follow(): void {
    this.#orders.on('error', () => {}); // It has gone.
    createInterface(this.#process.stdio[REPORTS] as Readable).on('line', (line) => this.#hear(JSON.parse(line) as Report));
  }

  #hear(report: Report): void {
    if ('loads' in report) this.#depends(report.loads);
    else if ('misses' in report) for (const file of candidates(report.misses)) this.watcher.depends(file);
    else if ('failed' in report) this.#problem = report.failed;
    else if ('live' in report) this.#live();
    else if ('retired' in report) {
      this.hasLostTurn = true;
      this.#mayDrain(report.retired);
    } else {
      this.hasRole = true;
      this.watcher.opened(report.opened.address);
    }
  }

  #depends(file: string): void {
    this.#loaded.add(file);
    this.watcher.depends(file);
  }
}

/** TypeScript is imported by the names that its output would have, and `require` guesses. */
function candidates(path: string): string[] {
  const [, stem, kind = ''] = /^(.*?)(\.[cm]?jsx?)?$/.exec(path)!;
  const sources = kind === '' ? ['.js', '.ts', '.json', '.mjs', '.cjs', '.mts', '.cts', '.tsx', '.jsx', '/index.js', '/index.ts'] : [kind.replace('j', 't'), `${kind.replace('j', 't')}x`];
  return [path, ...sources.map((end) => stem + end)];
}
