import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

export const ENV_FILE = '.env';

/** What the scripts' environment is: that of this process, and what the file `.env` of the working directory adds to it. */
export function environment(): NodeJS.ProcessEnv {
  return existsSync(ENV_FILE) ? { ...parseEnv(readFileSync(ENV_FILE, 'utf8')), ...process.env } : process.env;
}

/** The files besides its modules that a script depends on: `.env`, and the package.json that says what its modules are. */
export function configurationOf(script: string): string[] {
  const files = [resolve(ENV_FILE)];
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return [...files, manifest];
    if (folder === dirname(folder)) return [...files, join(dirname(script), 'package.json')];
  }
}
