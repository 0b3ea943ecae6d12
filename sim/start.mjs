// Bundles a program of the simulation and runs it: node sim/start.mjs main --seconds 10. Run from TypeScript as it is, it
// would name each closure by a call when it is made, and play a sixth fewer seeds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const [program] = process.argv.splice(2, 1);
const folder = mkdtempSync(join(tmpdir(), 'dynobot-sim-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const entryPoints = [program, 'worker'].map((name) => join(import.meta.dirname, `${name}.ts`));
buildSync({
  entryPoints, outdir: folder, outExtension: { '.js': '.mjs' }, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'error',
});
await import(pathToFileURL(join(folder, `${program}.mjs`)).href);
