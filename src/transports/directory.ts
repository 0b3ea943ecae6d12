import { lstatSync, mkdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './system-error.js';
import { DynobotError } from '../errors.js';

const OTHERS_ANY = 0o077;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/** Makes the directory for sockets unless it is there, and makes sure that nobody but this user can reach into it. */
export function ensurePrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unsafe(path, `cannot be made (${codeOf(error)})`, error);
  }
  checkPrivateDirectory(path);
}

/** Refuses a directory in which somebody else could have put a host. False if there is none. */
export function checkPrivateDirectory(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw unsafe(path, 'is not a directory (a symbolic link is not one either)');
  if (stats.uid !== process.getuid?.()) throw unsafe(path, `belongs to user ${stats.uid}`);
  if ((stats.mode & OTHERS_ANY) !== 0) throw unsafe(path, `is open to others (mode ${(stats.mode & 0o777).toString(8)}): chmod 700 it`);
  if (letsOthersRename(lstatSync(dirname(path)))) throw unsafe(path, 'can be replaced by others, who may write to its parent');
  return true;
}

/** In a directory that others may write to, only the sticky bit keeps them from moving what is not theirs. */
function letsOthersRename(parent: Stats): boolean {
  return parent.isDirectory() && (parent.mode & OTHERS_WRITE) !== 0 && (parent.mode & STICKY) === 0;
}

function unsafe(path: string, why: string, cause?: unknown): DynobotError {
  const options = cause === undefined ? undefined : { cause };
  return new DynobotError('ERR_DYNOBOT_UNSAFE_DIRECTORY', `The directory for sockets, ${path}, ${why}`, options);
}
