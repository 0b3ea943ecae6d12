import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../../errors.js';
import { OWN_PATH } from '../own.js';
import type { Problem } from './reports.js';

/** Why a process did not get ready, or has ended, for people. */
export interface Failure {
  /** `SyntaxError: Unexpected token ';'`, `it exited before it was ready (code 0)`. */
  what: string;
  /** `exit code 1`, `SIGKILL`; undefined where `what` says all. */
  exit: string | undefined;
  /** Where in the user's own code, if that is known. */
  at: { file: string; line: number; text: string } | undefined;
  code: string | undefined;
  /** Whether the next start would surely fail in the same way. */
  isFinal: boolean;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** @param loaded the files that the process has loaded: what is none of them is not the user's code */
export function failureOf(problem: Problem | undefined, exit: Exit | 'late', deadline: number, loaded: ReadonlySet<string>): Failure {
  const what = problem === undefined ? describeEnd(exit, deadline) : [problem.name, gist(problem.message)].filter((part) => part !== '').join(': ');
  const known = exit === 'late' || problem === undefined ? undefined : (exit.signal ?? `exit code ${exit.code}`);
  return { what, exit: known, at: problem && locate(problem, loaded), code: problem?.code, isFinal: problem !== undefined && isCertain(problem) };
}

function describeEnd(exit: Exit | 'late', deadline: number): string {
  if (exit === 'late') return `it was not ready within ${deadline} ms`;
  return exit.signal === null ? `it exited with code ${exit.code}` : `it was killed by ${exit.signal}`;
}

/** The first line that says something. Compilers begin with how many errors there are. */
function gist(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const error = lines.find((line) => line.includes(': ERROR: '));
  return error?.replace(/^.*: ERROR: /, '') ?? lines[0] ?? '';
}

/** The code cannot be loaded, wherever it is run. */
const UNLOADABLE = new Set([
  'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_IMPORT_NOT_DEFINED', 'ERR_INVALID_PACKAGE_CONFIG',
  'ERR_INVALID_PACKAGE_TARGET', 'ERR_INVALID_MODULE_SPECIFIER', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_UNSUPPORTED_ESM_URL_SCHEME', 'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNKNOWN_MODULE_FORMAT', 'ERR_IMPORT_ATTRIBUTE_MISSING', 'ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_DYNOBOT_APP',
]);

/** dynobot is used wrongly, or not in the same version as by the host. What others of its codes say may be otherwise a moment later. */
const MISUSED = new Set<string>(['ERR_DYNOBOT_ADDRESS', 'ERR_DYNOBOT_ARGUMENT', 'ERR_DYNOBOT_ROLE', 'ERR_DYNOBOT_UNSAFE_DIRECTORY', 'ERR_DYNOBOT_VERSION'] satisfies ErrorCode[]);

function isCertain({ name, code = '', stack }: Problem): boolean {
  return name === 'TransformError' || (name === 'SyntaxError' && isOfLoader(stack)) || UNLOADABLE.has(code) || MISUSED.has(code);
}

/** Data that is no JSON is a SyntaxError, too, and may be other data the next time. */
function isOfLoader(stack: string): boolean {
  const frame = stack.split('\n').find((line) => /^\s+at /.test(line) && !line.endsWith('(<anonymous>)'));
  return frame === undefined || frame.includes('node:internal/modules/');
}

const PLACE = /((?:file:\/\/|[A-Za-z]:\\|\/)[^\s:()'"]+):(\d+)/g;

/** The first place in the user's own files that the error names. Compilers name it in the message, the stack otherwise. */
function locate({ message, stack }: Problem, loaded: ReadonlySet<string>): Failure['at'] {
  for (const [, path, line] of `${message}\n${stack}`.matchAll(PLACE)) {
    const file = path!.startsWith('file:') ? fileURLToPath(path!) : path!;
    if (!loaded.has(file) || file.includes('/node_modules/') || file.startsWith(OWN_PATH)) continue;
    return { file: relative('', file), line: Number(line), text: lineOf(file, Number(line)) };
  }
  return undefined;
}

function lineOf(file: string, line: number): string {
  try {
    return readFileSync(file, 'utf8').split('\n')[line - 1]?.trim() ?? '';
  } catch {
    return '';
  }
}
