// Builds src/ into dist/. The new dist/ takes the old one's place whole: what runs meanwhile finds all of it, or all of
// the one before, and a removed source leaves no output behind.
//
// The declarations are tsc's, one for each source. The code is bundled: Node takes some 0.3 ms for each file that it
// imports, and every process of every user pays that. What entry points share is in chunks, so that there is one of it.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = join(root, 'dist');

/** Files that are started by their URL, as workers are, and so must be there as files. Below src/. */
const STARTED = ['cli/app-process.ts'];
/** The same, of those that share nothing with what runs beside them: they are threads, or are there before it. */
const ALONE = ['cli/runner/child.ts', 'cli/runner/hooks.ts', 'sync/line-thread.ts'];
/** What has all of dynobot anyway, and what is loaded by it later. */
const WHOLES = /^(cli\/[^/]*|sync\/index|host\/host|roles\/turn|transports\/others)\.ts$/;

/** What package.json leads to: `./dist/sync/index.js` is made of `src/sync/index.ts`. */
function entries() {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = [...Object.values(exports).map((conditions) => conditions.default), ...Object.values(bin)];
  const sources = files.filter((file) => file?.endsWith('.js')).map((file) => file.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts'));
  return [...new Set([...sources, ...STARTED])];
}

function declare(made) {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', made], { cwd: root, stdio: 'inherit' });
  return status === 0;
}

function replace(made) {
  const old = `${made}-old`;
  if (existsSync(output)) renameSync(output, old);
  renameSync(made, output);
  rmSync(old, { recursive: true, force: true });
}

const made = mkdtempSync(join(root, 'dist-'));
try {
  await bundle({ source: join(root, 'src'), output: made, shared: entries(), wholes: WHOLES, alone: ALONE });
  // Types that do not hold fail the build, and leave code that can be tried nevertheless.
  if (!declare(made)) process.exitCode = 1;
  chmodSync(join(made, 'cli/main.js'), 0o755);
  chmodSync(made, 0o755);
  replace(made);
} finally {
  rmSync(made, { recursive: true, force: true });
}
