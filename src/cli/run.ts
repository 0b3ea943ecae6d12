import { fileOf } from './module.js';
import { Script } from './script.js';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];

/** `dynobot run`: a script whose `connect()` knows the host. Ends as the script ends. */
export async function run(path: string, args: string[], { host }: { host?: string }): Promise<void> {
  const script = new Script(fileOf(path), args, host ? { DYNOBOT_HOST: host } : {});
  for (const signal of FORWARDED) process.on(signal, () => forward(signal, script));
  process.exitCode = await script.exited;
  for (const signal of FORWARDED) process.removeAllListeners(signal);
}

/** Ctrl-C comes from the terminal to both processes. The script must not take it for two. */
function forward(signal: NodeJS.Signals, script: Script): void {
  const isFromTerminal = signal === 'SIGINT' && [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  if (!isFromTerminal) script.kill(signal);
}
