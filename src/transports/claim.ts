import { lstatSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynobotError } from '../errors.js';
import { codeOf } from './system-error.js';

/** A lock is held for microseconds, without giving up the thread. An older one is of a process killed within them. */
const ABANDONED_LOCK_MS = 2_000;

/**
 * Moves the socket at `bound`, which must already accept connections, to `path`; refuses if a live host is there.
 *
 * A stale file can only be told from a live one by asking, which takes time, and meanwhile another process may have put
 * its own host there. So: ask without a lock, remember which file it was that did not answer, and replace it under the
 * lock only if it is still that one. Of any number of processes that start at once, exactly one wins.
 */
export async function claim(bound: string, path: string): Promise<void> {
  let dead: BigIntStats | undefined;
  for (;;) {
    const outcome = underLock(path, () => replace(bound, path, dead));
    if (outcome === 'claimed') return;
    if (outcome === 'busy') await delay(1 + Math.random() * 4);
    else if (await isAlive(path)) throw nameTaken(path);
    else dead = outcome;
  }
}

/** Removes the socket that a killed host has left. False if it is not there, or somebody accepts connections on it. */
export async function removeDead(path: string): Promise<boolean> {
  const there = socketAt(path);
  if (there === undefined || (await isAlive(path))) return false;
  for (;;) {
    const outcome = underLock(path, () => removeIfSame(path, there));
    if (outcome !== 'busy') return outcome;
    await delay(1 + Math.random() * 4);
  }
}

function removeIfSame(path: string, dead: BigIntStats): boolean {
  const there = socketAt(path);
  if (there === undefined || !isSameFile(there, dead)) return false;
  unlinkSync(path);
  return true;
}

function socketAt(path: string): BigIntStats | undefined {
  const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return there?.isSocket() === true ? there : undefined;
}

export function nameTaken(path: string): DynobotError {
  return new DynobotError('ERR_DYNOBOT_NAME_TAKEN', `Another live host has ${path}. Stop it, or choose another name.`);
}

/** Takes the place if it is free, or the file there is the dead one. Otherwise says which file is there. */
function replace(bound: string, path: string, dead: BigIntStats | undefined): 'claimed' | BigIntStats {
  const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (there !== undefined && !(dead !== undefined && isSameFile(there, dead))) return checkedSocket(there, path);
  renameSync(bound, path);
  return 'claimed';
}

/** Nothing but a socket is ever replaced: a path may be mistyped. */
function checkedSocket(there: BigIntStats, path: string): BigIntStats {
  if (there.isSocket()) return there;
  throw new DynobotError('ERR_DYNOBOT_ADDRESS', `${path} is there, and it is not a socket`);
}

/** The numbers of inodes are used again; so the time counts, too. */
function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.ctimeNs === b.ctimeNs;
}

/** Whoever refuses in any way but these is somebody: a host with a full queue, or one of another user. */
export function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? '')));
  });
}

function underLock<T>(path: string, critical: () => T): T | 'busy' {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  try {
    mkdirSync(lock, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    removeIfAbandoned(lock);
    return 'busy';
  }
  try {
    return critical();
  } finally {
    rmdirSync(lock);
  }
}

function removeIfAbandoned(lock: string): void {
  const stats = lstatSync(lock, { throwIfNoEntry: false });
  if (stats === undefined || Date.now() - stats.mtimeMs < ABANDONED_LOCK_MS) return;
  try {
    rmdirSync(lock);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
