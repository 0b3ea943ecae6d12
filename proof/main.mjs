// npm run proof: all proofs in their short form, and docs/proof.md from the latest figures of each.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { page } from './lib/page.mjs';
import { RESULTS } from './lib/proof.mjs';

const PROOFS = ['fuzz', 'reach', 'limits', 'kill', 'slow', 'stop', 'soak', 'events', 'sim'];
const PAGE = new URL('../docs/proof.md', import.meta.url);

/** Only what a change is most likely to break, for CI. */
const BRIEF = ['reach', 'kill', 'stop', 'events'];

const { page: onlyPage, brief, seed } = parseArgs({ options: { page: { type: 'boolean' }, brief: { type: 'boolean' }, seed: { type: 'string' } } }).values;
const forAll = seed === undefined ? [] : ['--seed', seed];

function run(name) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, import.meta.url)), '--short', ...forAll], { stdio: 'inherit' });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const failed = [];
if (!onlyPage) for (const name of brief ? BRIEF : PROOFS) if ((await run(name)) !== 0) failed.push(name);
if (!brief) {
  const results = PROOFS.map((name) => new URL(`${name}.json`, RESULTS)).filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(PAGE, page(results));
}
if (failed.length > 0) process.stderr.write(`proof: ${failed.join(', ')} failed\n`);
process.exit(failed.length > 0 ? 1 : 0);
