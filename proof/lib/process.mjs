// Processes of a proof, and questions to them over their IPC channel.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The longest that a question may take: a proof in its long form. */
const PATIENCE = 600_000;
const all = new Set();
process.on('exit', () => {
  for (const child of all) child.kill('SIGKILL');
});

/** One process that runs a file of `processes/` and answers questions (answer.mjs). */
export class Child {
  stderr = '';
  #last = 0;
  #waiting = new Map();

  constructor(child) {
    this.process = child;
    child.stderr?.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    child.on('message', (message) => {
      const waiting = this.#waiting.get(message?.answer);
      if (waiting === undefined) return;
      this.#waiting.delete(message.answer);
      if (message.error === undefined) waiting.resolve(message.value);
      else waiting.reject(new Error(message.error));
    });
    this.exited = once(child, 'exit').then(([code, signal]) => {
      all.delete(child);
      for (const { reject } of this.#waiting.values()) reject(new Error(`the process has gone (${code ?? signal}): ${this.stderr}`));
      this.#waiting.clear();
      return { code, signal };
    });
  }

  /** Resolves when the process says that it is ready. `env` values become text; `flags` are for node. */
  static async start(file, env = {}, { flags = [], serialization = 'json' } = {}) {
    const child = fork(fileURLToPath(new URL(`../processes/${file}.mjs`, import.meta.url)), {
      execArgv: ['--expose-gc', ...flags],
      env: { ...process.env, ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])) },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      serialization,
    });
    all.add(child);
    const started = new Child(child);
    const ready = new Promise((resolve) => {
      const look = (message) => {
        if (message !== 'ready') return;
        child.off('message', look);
        resolve();
      };
      child.on('message', look);
    });
    await Promise.race([ready, started.exited.then(() => { throw new Error(`${file} ended before it was ready: ${started.stderr}`); })]);
    return started;
  }

  get pid() {
    return this.process.pid;
  }

  get isRunning() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  ask(question, ...args) {
    const ask = ++this.#last;
    const answer = new Promise((resolve, reject) => this.#waiting.set(ask, { resolve, reject }));
    this.process.send({ ask, question, args }, undefined, undefined, () => {});
    const late = setTimeout(() => this.#waiting.get(ask)?.reject(new Error(`${question} was not answered in ${PATIENCE} ms`)), PATIENCE).unref();
    return answer.finally(() => clearTimeout(late));
  }

  signal(signal) {
    this.process.kill(signal);
  }

  async kill() {
    if (this.isRunning) this.process.kill('SIGKILL');
    return this.exited;
  }
}

/** The most memory that a process has had resident so far, in MB. */
export function peakMemory(pid) {
  return kilobytes(pid, 'VmHWM') / 1000;
}

/** What it has resident now, in MB. */
export function memory(pid) {
  return kilobytes(pid, 'VmRSS') / 1000;
}

function kilobytes(pid, field) {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

/** Asks again and again until it holds; false if it does not in time. */
export async function eventually(holds, ms = 20_000) {
  for (const end = performance.now() + ms; performance.now() < end; await pause(5)) if (await holds()) return true;
  return false;
}

let names = 0;
/** A host's name that nobody else has. */
export const freshName = () => `proof-${process.pid}-${++names}`;

export function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

export const rounded = (value, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits;
