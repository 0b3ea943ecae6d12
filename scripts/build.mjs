// Compiles src/ into dist/. The new dist/ takes the old one's place whole: what runs meanwhile finds all of it, or all of
// the one before, and a removed source leaves no output behind.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const made = mkdtempSync(join(root, 'dist-'));
const output = join(root, 'dist');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', made], { cwd: root, stdio: 'inherit' });

const command = join(made, 'cli/main.js');
if (existsSync(command)) chmodSync(command, 0o755);
chmodSync(made, 0o755);
const old = `${made}-old`;
if (existsSync(output)) renameSync(output, old);
renameSync(made, output);
rmSync(old, { recursive: true, force: true });
process.exit(status ?? 1);
