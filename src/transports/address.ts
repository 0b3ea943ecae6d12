import { isAbsolute, join } from 'node:path';
import { DynobotError } from '../errors.js';

const os = (): typeof import('node:os') => process.getBuiltinModule('node:os');

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
const SUFFIX = '.sock';
const onWindows = process.platform === 'win32';

/** What the system allows in the address of a unix socket, without the zero at its end. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Where a host listens. */
export interface Address {
  /** The name that was given; undefined if a path was given. A name's socket is in the directory of this user alone. */
  readonly name: string | undefined;
  readonly path: string;
}

/** Reads a name (`bot`), an absolute path, or `unix:` and an absolute path. */
export function addressOf(address: string): Address {
  if (NAME.test(address)) return { name: address, path: pathOfName(address) };
  const path = address.startsWith('unix:') ? address.slice('unix:'.length) : address;
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new DynobotError('ERR_DYNOBOT_ADDRESS', `${JSON.stringify(address)} is neither a name (letters, digits, '_', '.', '-', at most 64, a letter or digit first) nor an absolute path`);
  }
  return { name: undefined, path: fitting(path) };
}

/** The directory of this user's named hosts. On Windows it is a prefix in the one directory of all pipes. */
export function hostsDirectory(): string {
  if (onWindows) return '\\\\.\\pipe\\';
  return join(process.env['XDG_RUNTIME_DIR'] || os().tmpdir(), `dynobot-${process.getuid?.()}`);
}

/** The name of the host that a file in `hostsDirectory()` belongs to; undefined if it is none of a host. */
export function nameOfFile(file: string): string | undefined {
  const [prefix, suffix] = decoration();
  if (!file.startsWith(prefix) || !file.endsWith(suffix)) return undefined;
  const name = file.slice(prefix.length, file.length - suffix.length);
  return NAME.test(name) ? name : undefined;
}

/** The path itself, if a socket can have it. The system would cut off what is too long, and so mean another file. */
export function fitting(path: string): string {
  const length = Buffer.byteLength(path);
  if (onWindows || length <= MAX_PATH_BYTES) return path;
  throw new DynobotError('ERR_DYNOBOT_ADDRESS', `The socket path ${path} has ${length} bytes; the system allows ${MAX_PATH_BYTES}. Use a shorter name or path, or a shorter XDG_RUNTIME_DIR.`);
}

function pathOfName(name: string): string {
  const [prefix, suffix] = decoration();
  return fitting(join(hostsDirectory(), prefix + name + suffix));
}

function decoration(): readonly [prefix: string, suffix: string] {
  return onWindows ? [`dynobot-${os().userInfo().username}-`, ''] : ['', SUFFIX];
}
