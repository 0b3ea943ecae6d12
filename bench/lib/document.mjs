import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SYSTEMS } from '../systems/index.mjs';
import { chart } from './chart.mjs';
import { machine } from './machine.mjs';
import { figure } from './numbers.mjs';
import { versionOf } from './peers.mjs';
import { byWorkload, cells } from './table.mjs';
import { standing } from './targets.mjs';

const DOCS = new URL('../../docs/', import.meta.url);
const PICTURES = new URL('performance/', DOCS);
const FINDINGS = new URL('../findings.md', import.meta.url);
const FEWEST_BARS = 3;

const INTRODUCTION = `<!-- Written by \`npm run bench -- --write\`. What is said below the figures is in bench/findings.md. -->
# Performance

Two processes each, over a unix socket; all systems in turn (A B C, A B C, ...), in one run, on one machine. A figure is
the median of the rounds. A ratio is the median of the ratios within each round, so that noise that hits both cancels out:
trust ratios, not absolute figures.

The floors are written by hand and do nothing but the work itself. *raw socket*: the same bytes, coalesced, with nothing
encoded or decoded. *hand JSON*: ids and JSON lines, one write a turn; no references, no identity, no errors, nothing
cleaned up. *hand msgpackr*: the same with a binary codec.
`;

const pipe = (texts) => `| ${texts.join(' | ')} |`;

function table(head, lines) {
  return [pipe(head), pipe(head.map((_, column) => (column === 0 ? '---' : '--:'))), ...lines.map(pipe)].join('\n');
}

/** Others who compete for the processors slow everything down, and not everything alike. */
function aboutLoad({ load, cores }) {
  const said = `When it began, ${figure(load)} processes wanted to run on ${cores} processors.`;
  return load <= cores / 2 ? said : `**${said} The machine was busy with other work: a ratio may be off by half, and absolute figures say nothing.**`;
}

function aboutMachine(about) {
  const versions = Object.values(SYSTEMS).filter((system) => system.package !== undefined)
    .map((system) => `${system.title === 'hand msgpackr' ? 'msgpackr' : system.title} ${versionOf(system.package)}`);
  return `${about.processors}, ${about.memory}, ${about.system}; Node ${about.node} (V8 ${about.v8}); commit ${about.commit}; ${about.date}.
${aboutLoad(about)}
Peers: ${versions.join(', ')}.
`;
}

function againstTargets(rows) {
  const lines = standing(rows).map(({ workload, target, reached, met }) => [workload, target, reached, met ? 'yes' : 'no']);
  return `## dynobot against its targets\n\n${table(['', 'target', 'reached', ''], lines)}\n`;
}

const slug = (workload) => workload.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function section(workload, rows) {
  const { title, unit, better } = rows[0];
  const lines = rows.map(cells);
  const parts = [`### ${workload}: ${title}`, ''];
  if (rows.filter((row) => row.value !== null).length >= FEWEST_BARS) {
    const file = `${slug(workload)}.svg`;
    writeFileSync(new URL(file, PICTURES), chart(rows));
    parts.push(`![${title}](performance/${file})`, '');
  }
  parts.push(`In ${unit}; ${better} is better.`, '', table(['', 'median', 'min', 'max', 'to hand JSON', 'to raw', ''], lines), '');
  return parts.join('\n');
}

const isAhead = (row, own) => (own.better === 'higher' ? row.value > own.value : row.value < own.value);
const amount = (row) => `${figure(row.value)} ${row.unit}`;
const listed = (texts) => (texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`);

/** What is said of one workload in which peers were measured. */
function peersAhead(group) {
  const own = group.find((row) => row.system === 'dynobot');
  const peers = group.filter((row) => row.value !== null && row.system !== 'dynobot' && !SYSTEMS[row.system].floor);
  if (typeof own?.value !== 'number' || peers.length === 0) return undefined;
  const ahead = peers.filter((row) => isAhead(row, own)).map((row) => `${SYSTEMS[row.system].title} (${amount(row)})`);
  return { workload: own.workload, text: `in ${own.workload}, where dynobot has ${amount(own)}, ${listed(ahead)}`, ahead: ahead.length > 0 };
}

function handIsAhead(group) {
  const [own, hand] = ['dynobot', 'hand-json'].map((system) => group.find((row) => row.system === system));
  return typeof own?.value === 'number' && typeof hand?.value === 'number' && isAhead(hand, own);
}

/** In words: which peer is ahead of dynobot, and which targets it misses. Floors do less, so they are held against targets. */
function notTheFastest(rows) {
  const compared = [...byWorkload(rows).values()].map(peersAhead).filter((one) => one !== undefined);
  const ahead = compared.filter((one) => one.ahead);
  const where = listed(compared.map((one) => one.workload));
  const peers = compared.length === 0 ? 'No peer was measured in this run.'
    : ahead.length === 0 ? `In ${where} dynobot was measured beside peers, and none was ahead of it.`
      : `Dynobot was measured beside peers in ${where}. Ahead of it were: ${ahead.map((one) => one.text).join('; ')}.`;
  const missed = standing(rows).filter(({ met, measured }) => !met && measured);
  const floors = missed.length === 0 ? 'It reaches all its targets that were measured.'
    : `It misses ${missed.length === 1 ? 'one of its targets' : `${missed.length} of its targets`}: ${missed.map(({ workload, reached, target }) => `${workload} has ${reached} instead of ${target}`).join('; ')}.`;
  const byHand = [...new Set([...byWorkload(rows).values()].filter(handIsAhead).map(([{ workload }]) => workload.replace(/^W11 .*/, 'W11')))];
  const hand = byHand.length === 0 ? '' : ` What is written by hand for the one purpose, with JSON, is ahead in ${listed(byHand)}.`;
  return `## Where dynobot is not the fastest\n\n${peers} ${floors}${hand}\n`;
}

function otherTransports(extra) {
  return extra.map(({ transport, rows }) => {
    const parts = [`## Over ${transport}`, ''];
    for (const [workload, group] of byWorkload(rows)) {
      const { title, unit, better } = group[0];
      parts.push(`### ${workload} over ${transport}: ${title}`, '', `In ${unit}; ${better} is better.`, '');
      parts.push(table(['', 'median', 'min', 'max', 'to hand JSON', 'to raw', ''], group.map(cells)), '');
    }
    return parts.join('\n');
  });
}

/** Writes docs/performance.md with its pictures, and the figures that bench:check compares with. */
export function writeDocument({ rows, extra, check }) {
  const about = machine();
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  const sections = [...byWorkload(rows)].map(([workload, group]) => section(workload, group));
  const findings = existsSync(FINDINGS) ? [readFileSync(FINDINGS, 'utf8')] : [];
  const text = [INTRODUCTION, aboutMachine(about), againstTargets(rows), notTheFastest(rows), ...findings, '## Figures\n', ...sections, ...otherTransports(extra)];
  writeFileSync(new URL('performance.md', DOCS), text.join('\n'));
  writeFileSync(new URL('performance.json', DOCS), `${JSON.stringify({ machine: about, check, rows }, null, 1)}\n`);
}
