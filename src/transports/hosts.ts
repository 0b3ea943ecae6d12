import { readdirSync } from 'node:fs';
import { addressOf, hostsDirectory, nameOfFile } from './address.js';
import { checkPrivateDirectory } from './directory.js';

/** A name that somebody hosts, or hosted until he was killed: only to `dial` it tells which. */
export interface PresentHost {
  readonly name: string;
  readonly path: string;
}

/** The names in this user's directory, sorted. */
export function presentHosts(): PresentHost[] {
  const directory = hostsDirectory();
  if (process.platform !== 'win32' && !checkPrivateDirectory(directory)) return [];
  const names = readdirSync(directory).map(nameOfFile).filter((name) => name !== undefined);
  return names.sort().map((name) => ({ name, path: addressOf(name).path }));
}
