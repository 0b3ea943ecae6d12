// Plays examples/irc-bot/demo, which is TypeScript, with the package as it was built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const built = existsSync(join(root, 'dist/index.js')) || run('scripts/build.mjs') === 0;
process.exitCode = built ? run('--import', 'tsx', 'examples/irc-bot/demo/main.ts', ...process.argv.slice(2)) : 1;
