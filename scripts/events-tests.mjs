// Runs the tests of the npm package events against a class that is hosted in another process, each in a process of its own:
// directly, and through a second host. Prints the result as JSON, or with --docs writes the table into docs/blocking.md.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = new URL('../test/sync/fixtures/events/', import.meta.url);
const page = fileURLToPath(new URL('../docs/blocking.md', import.meta.url));
const tests = join(dirname(createRequire(import.meta.url).resolve('events/package.json')), 'tests');

/** The package's own runner, what all of its tests share, and a shim for old browsers are no tests. */
const NO_TESTS = ['index.js', 'common.js', 'legacy-compat.js'];
export const files = readdirSync(tests).filter((file) => !NO_TESTS.includes(file));

async function start(fixture, env) {
  const child = fork(new URL(fixture, fixtures), { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

/** Locally, there is no host: the files run as they are. */
function run(file, host) {
  const args = host === undefined ? [] : ['--import', new URL('instead.mjs', fixtures).href];
  const { status } = spawnSync(process.execPath, [...args, fileURLToPath(new URL('run.mjs', fixtures)), file], { env: { ...process.env, TEST_HOST: host }, timeout: 20_000 });
  return status === 0;
}

/** Whether each file passes: locally, against a hosted class, and against one that is hosted again. */
export async function runEventsTests({ locally = true } = {}) {
  const [direct, other, again] = ['direct', 'other', 'again'].map((name) => `events-${name}-${process.pid}`);
  // One test changes a static property of the class: each column has a class of its own.
  const host = await start('host.mjs', { TEST_HOST: direct });
  const second = await start('host.mjs', { TEST_HOST: other });
  const middle = await start('middle.mjs', { TEST_FROM: other, TEST_HOST: again });
  try {
    return files.map((file) => ({ file, local: locally ? run(file) : undefined, hosted: run(file, direct), again: run(file, again) }));
  } finally {
    for (const child of [middle, second, host]) child.kill();
  }
}

const BEGIN = '<!-- events: written by scripts/events-tests.mjs -->';
const END = '<!-- /events -->';

function table(results) {
  const mark = (passes) => (passes ? 'passes' : 'fails');
  const rows = results.map(({ file, local, hosted, again }) => `| ${file} | ${mark(local)} | ${mark(hosted)} | ${mark(again)} |`);
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  return `${BEGIN}\n\nNode ${process.version}, commit ${commit}.\n\n| test of events@3.3.0 | locally | hosted | hosted again |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n\n${END}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await runEventsTests();
  if (process.argv.includes('--docs')) {
    const text = readFileSync(page, 'utf8');
    writeFileSync(page, text.slice(0, text.indexOf(BEGIN)) + table(results) + text.slice(text.indexOf(END) + END.length));
  } else console.log(JSON.stringify(results, undefined, 1));
  if (results.some(({ local, hosted, again }) => local && !(hosted && again))) process.exitCode = 1;
}
