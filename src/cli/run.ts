import { constants } from 'node:os';
import { UsageError } from './failure.js';
import { fileOf } from './module.js';
import { stayWhenUnread } from './output.js';
import { RunLog } from './run-log.js';
import { environment } from './runner/environment.js';
import { Runner } from './runner/runner.js';
import { onlyLive } from './session.js';
import { Script } from './script.js';

export interface RunOptions {
  host?: string;
  role?: string;
  watch?: boolean;
  instances?: string;
  deadline?: string;
}

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** `dynobot run`: scripts whose `connect()` knows the host. One by itself is a plain process, all else is looked after by a runner. */
export async function run(paths: string[], args: string[], options: RunOptions): Promise<void> {
  const files = paths.map(fileOf);
  const { role, watch = false, instances } = options;
  const processes = count(instances);
  const deadline = deadlineOf(options);
  const isPlain = files.length === 1 && !watch && role === undefined && instances === undefined;
  if (files.length > 1 && role !== undefined) throw new UsageError('A role is for one script. Without --role, each script has one of its own name.');
  const { host } = options;
  const env = host || environment()['DYNOBOT_HOST'] ? {} : await onlyHost();
  if (isPlain) return runPlainly(files[0]!, args, { ...env, ...(host ? { DYNOBOT_HOST: host } : {}) });
  const runner = new Runner({ scripts: files, args, env, host, role, watch, instances: processes, ...deadline });
  stayWhenUnread();
  new RunLog().follow(runner);
  endOnSignals(runner);
  process.exitCode = await runner.run();
}

/** For a script that names no host itself. The only one that is live is no more than a default: nobody waits for it. */
async function onlyHost(): Promise<NodeJS.ProcessEnv> {
  const name = await onlyLive('run');
  return name === undefined ? {} : { DYNOBOT_HOST: name };
}

/** What `--instances` says. */
export function count(instances = '1'): number {
  const number = Number(instances);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`--instances takes a number of processes, not ${instances}`);
}

function deadlineOf({ deadline }: RunOptions): { deadline?: number } {
  if (deadline === undefined) return {};
  const ms = secondsOf('--deadline', deadline);
  if (ms > 0) return { deadline: ms };
  throw new UsageError(`--deadline takes seconds, not ${deadline}`);
}

/** Milliseconds of what an option says in seconds. */
export function secondsOf(option: string, text: string): number {
  const ms = Number(text) * 1000;
  if (text.trim() !== '' && ms >= 0 && ms < 2 ** 31) return ms;
  throw new UsageError(`${option} takes seconds, not ${text}`);
}

/** Ends as the script ends. */
async function runPlainly(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const script = new Script(file, args, { ...environment(), ...env });
  for (const signal of FORWARDED) process.on(signal, () => forward(signal, script));
  process.exitCode = await script.exited;
  for (const signal of FORWARDED) process.removeAllListeners(signal);
}

/** Ctrl-C comes from the terminal to both processes. The script must not take it for two. */
function forward(signal: NodeJS.Signals, script: Script): void {
  const isFromTerminal = signal === 'SIGINT' && [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  if (!isFromTerminal) script.kill(signal);
}

/** The first signal lets all processes finish what they have in hand; the second kills them. */
function endOnSignals(runner: Runner): void {
  let isEnding = false;
  for (const signal of ENDING) {
    process.on(signal, () => {
      if (!isEnding) void runner.stop();
      else runner.kill();
      if (isEnding) process.exit(128 + constants.signals[signal]);
      isEnding = true;
    });
  }
  process.on('SIGUSR2', () => runner.signal('SIGUSR2'));
}
