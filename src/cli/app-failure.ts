import { DynobotError } from '../errors.js';
import { Failure } from './failure.js';
import { OWN, OWN_PATH } from './own.js';
import { problemOf, report } from './runner/reports.js';

/**
 * Ends the process if the error is one that dynobot itself has made for people: where in its code it was made tells them
 * nothing. The runner shows it.
 */
export function endAsFailed(error: unknown): void {
  const isOurs = error instanceof DynobotError && error.code === 'ERR_DYNOBOT_APP';
  if (!isOurs && !(error instanceof Failure)) return;
  const problem = problemOf(error);
  report({ failed: { ...problem, message: isOurs ? `${error.message} (${error.code})` : error.message, stack: '' } });
  process.exit(1);
}

/** The app's own error, as it would be without dynobot around it. */
export function withoutOwnFrames(error: unknown): unknown {
  if (error instanceof Error && typeof error.stack === 'string') {
    error.stack = error.stack.split('\n').filter((line) => !/^\s+at /.test(line) || !(line.includes(OWN) || line.includes(OWN_PATH))).join('\n');
  }
  return error;
}
