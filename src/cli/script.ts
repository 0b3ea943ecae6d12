import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { isTypeScript, typeScriptArguments } from './typescript.js';

/** A script in a process of its own, with the streams of this one. */
export class Script {
  readonly process: ChildProcess;
  /** Its exit code; for a signal what shells give, 128 and the signal's number. */
  readonly exited: Promise<number>;

  constructor(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    const loader = isTypeScript(file) ? typeScriptArguments() : [];
    this.process = spawn(process.execPath, [...process.execArgv, ...loader, file, ...args], { stdio: 'inherit', env: { ...process.env, ...env } });
    this.exited = once(this.process, 'exit').then(([code, signal]: (number | NodeJS.Signals | null)[]) => exitCode(code, signal));
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }
}

function exitCode(code: unknown, signal: unknown): number {
  return typeof code === 'number' ? code : 128 + constants.signals[signal as NodeJS.Signals];
}
