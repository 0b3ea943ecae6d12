import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('..', import.meta.url));
const onWindows = process.platform === 'win32';

/** Installs the peers beside the bench, if they are not there: the package itself does not depend on them. */
export function installPeers() {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const there = Object.keys(devDependencies).every((name) => existsSync(new URL(`../node_modules/${name}/package.json`, import.meta.url)));
  if (there) return;
  process.stderr.write('bench: installing the peers...\n');
  const arguments_ = ['install', '--prefix', DIRECTORY, '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(onWindows ? 'npm.cmd' : 'npm', arguments_, { stdio: ['ignore', 2, 2], shell: onWindows });
  if (status !== 0) throw new Error('the peers could not be installed');
}

/** The version that was measured. */
export function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}
