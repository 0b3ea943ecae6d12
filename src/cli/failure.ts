import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { DynobotError } from '../errors.js';
import type { RemoteError } from '../values/error.js';
import { colors } from './output.js';

/** What the commands exit with. 69 is EX_UNAVAILABLE of sysexits.h. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unavailable: 69 } as const;

/** The command line asks for what makes no sense. */
export class UsageError extends Error {}

/** What was asked for cannot be done, and one line says why. */
export class Failure extends Error {}

const UNAVAILABLE = new Set(['ERR_DYNOBOT_NO_HOST', 'ERR_DYNOBOT_STALE_SOCKET', 'ERR_DYNOBOT_DISCONNECTED']);

/** Tells of the error and exits. An error that is nobody's answer is left to Node, which shows it with its source line. */
export function fail(error: unknown): void {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  const text = describe(error);
  if (text === undefined) queueMicrotask(() => { throw error; });
  else process.stderr.write(`${text}\n`, () => process.exit(exitCodeOf(error)));
}

/** One line for what dynobot says itself; for what hosted code has thrown, its stack there. */
function describe(error: unknown): string | undefined {
  const { red } = colors(process.stderr);
  if (error instanceof UsageError || error instanceof Failure) return `${red('error:')} ${error.message}`;
  if (error instanceof DynobotError) return `${red('error:')} ${error.message} (${error.code})`;
  if (!(error instanceof Error)) return `${red('error:')} ${inspect(error)} was thrown`;
  return isRemote(error) ? showRemote(error) : undefined;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof DynobotError) || isRemote(error)) return EXIT.failed;
  if (UNAVAILABLE.has(error.code)) return EXIT.unavailable;
  return error.kind === 'usage' ? EXIT.usage : EXIT.failed;
}

function isRemote(error: unknown): error is RemoteError {
  return error instanceof Error && 'remoteStack' in error;
}

/** With its code, cause and other properties, and without the stack of this process, which is nobody's business. */
function showRemote(error: RemoteError): string {
  error.stack = error.remoteStack;
  return inspect(error, { colors: colors(process.stderr).isColorSupported });
}
