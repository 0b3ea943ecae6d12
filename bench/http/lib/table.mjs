import { figure, times } from '../../lib/numbers.mjs';
import { SYSTEMS } from '../systems/index.mjs';

const HEAD = ['', 'median', 'min', 'max', 'to one process', ''];
const cells = ({ system, value, min, max, ratio, failed }) => [SYSTEMS[system].title, figure(value), figure(min), figure(max), times(ratio), failed ?? ''];

/** What dynobot should have reached, and has not. */
export function misses(rows) {
  return rows.filter(({ system }) => system === 'dynobot').flatMap(({ title, ratio, atLeast, atMost, failed }) => {
    if (failed !== undefined) return [`MISS  ${title}: ${failed}`];
    if (atLeast !== undefined && ratio < atLeast) return [`MISS  ${title}: ${times(ratio)}, at least ${atLeast} was to be reached`];
    if (atMost !== undefined && ratio > atMost) return [`MISS  ${title}: ${times(ratio)}, at most ${atMost} was to be reached`];
    return [];
  });
}

export function byMeasure(rows) {
  return [...grouped(rows).values()];
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.measure, [...(groups.get(row.measure) ?? []), row]);
  return groups;
}

/** The table for a terminal. */
export function asText(rows) {
  const lines = [];
  for (const group of byMeasure(rows)) {
    const body = [HEAD, ...group.map(cells)];
    const widths = HEAD.map((_, column) => Math.max(...body.map((line) => line[column].length)));
    const line = (texts) => texts.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('  ').trimEnd();
    lines.push(`${group[0].title} [${group[0].unit}]`, ...body.map(line), '');
  }
  return lines.join('\n');
}

/** The tables for the docs. */
export function asMarkdown(rows) {
  return byMeasure(rows).map((group) => [
    `### ${group[0].title}, ${group[0].unit}`, '',
    `| ${HEAD.slice(0, 5).join(' | ')} |`, '| --- | ---: | ---: | ---: | ---: |',
    ...group.map((row) => `| ${cells(row).slice(0, 5).join(' | ')} |`),
  ].join('\n')).join('\n\n');
}
