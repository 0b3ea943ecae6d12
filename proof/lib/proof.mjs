// What every proof shares: its options, its figures, and what becomes of them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { Random } from './random.mjs';

export const RESULTS = new URL('../results/', import.meta.url);

const HELP = `
    --short         some seconds, for every change
    --seed <n>      of what is random (one at random)
    --out <file>    where the JSON goes (proof/results/<name>.json)
`;

export const git = (...args) => {
  try {
    return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

/** The commit that is proved, with a `+` if there are changes beside it. */
export const commit = () => (git('rev-parse', '--short', 'HEAD') || 'unknown') + (git('status', '--porcelain', '--untracked-files=no', '--', '../../src', '..') === '' ? '' : '+');

/** Figures, those that must be zero, and those that must not exceed a bound. */
class Figures {
  all = {};
  broken = [];
  bounds = {};

  figure(name, value) {
    this.all[name] = value;
  }

  zero(name, value, why = '') {
    this.all[name] = value;
    this.bounds[name] = 'must be 0';
    if (value !== 0) this.broken.push(`${name} is ${value}, and must be 0 ${why}`.trim());
  }

  atMost(name, value, bound, unit = '') {
    this.all[name] = value;
    this.bounds[name] = `at most ${bound}${unit}`;
    if (!(value <= bound)) this.broken.push(`${name} is ${value}, and must be at most ${bound}`);
  }

  atLeast(name, value, bound) {
    this.all[name] = value;
    this.bounds[name] = `at least ${bound}`;
    if (!(value >= bound)) this.broken.push(`${name} is ${value}, and must be at least ${bound}`);
  }
}

/** Seconds that a proof may take, in either form, on a machine that is busy: what was lost may be waited for in vain. */
const PATIENCE = { short: 180, long: 900 };

async function within(seconds, work) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`it is not over after ${seconds} s`)), seconds * 1000)));
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/**
 * Runs one proof: `work` gets `{ short, seed, random, figures }`. Prints one line of figures, writes them as JSON, and
 * ends the process: with 1 if one that must be zero is not, one exceeds its bound, or it does not come to its end.
 */
export async function prove(name, work) {
  const { values } = parseArgs({ options: { short: { type: 'boolean', default: false }, seed: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(`npm run proof:${name} -- [options]${HELP}`);
    return;
  }
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  const figures = new Figures();
  const began = performance.now();
  try {
    await within(values.short ? PATIENCE.short : PATIENCE.long, work({ short: values.short, seed, random: new Random(seed), figures }));
  } catch (error) {
    figures.broken.push(`it failed: ${error.stack ?? error}`);
  }
  const { broken, bounds, all } = figures;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const form = values.short ? 'short' : 'long';
  const result = { proof: name, ...all, form, seconds, seed, commit: commit(), node: process.version };
  mkdirSync(RESULTS, { recursive: true });
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model.trim() ?? 'unknown'}`;
  writeFileSync(values.out ?? new URL(`${name}.json`, RESULTS), `${JSON.stringify({ ...result, bounds, broken, machine, date: new Date().toISOString().slice(0, 10) }, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  for (const one of broken) process.stderr.write(`proof:${name}: ${one}\n`);
  process.exit(broken.length > 0 ? 1 : 0);
}
