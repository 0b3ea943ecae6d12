import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts a fixture, written in TypeScript, as a process with an IPC channel. */
export function start(fixture: string, args: string[] = [], options: ForkOptions = {}): ChildProcess {
  const path = fileURLToPath(new URL(`fixtures/${fixture}.ts`, import.meta.url));
  return fork(path, args, { ...options, execArgv: ['--import', 'tsx'] });
}

/** The next message of the child that is about `key`, and what it says of it. */
export function told<T>(child: ChildProcess, key: string): Promise<T> {
  return new Promise((resolve) => {
    const look = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !(key in message)) return;
      child.off('message', look);
      resolve((message as Record<string, T>)[key] as T);
    };
    child.on('message', look);
  });
}

/** Ends the child, unless it has ended, and waits until it has. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export async function exitOf(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return child.exitCode;
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}
