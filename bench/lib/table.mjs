import { SYSTEMS } from '../systems/index.mjs';
import { figure, times } from './numbers.mjs';
import { standing } from './targets.mjs';

const HEAD = ['', 'median', 'min', 'max', 'to hand JSON', 'to raw', ''];

function remark(row) {
  const remarks = [];
  if (row.reason !== undefined) remarks.push(row.reason);
  if (row.failed !== undefined) remarks.push(`once ${row.failed}`);
  if (row.floorRatio !== undefined && row.floor !== 'raw') remarks.push(`${times(row.floorRatio)} to ${SYSTEMS[row.floor].title}`);
  if (row.keptByClient > 40 || row.keptByHost > 40) remarks.push(`keeps ${row.keptByClient} + ${row.keptByHost} B each`);
  if (row.processorClient !== undefined) remarks.push(`processor ${figure(row.processorClient)} + ${figure(row.processorHost)} µs each`);
  if (row.ofAwaited !== undefined) remarks.push(`${times(row.ofAwaited)} of its awaited call, ${figure(row.awaited)} µs`);
  if (row.ofSmallest !== undefined) remarks.push(`${times(row.ofSmallest)} of the smallest, event loop p99 ${figure(row.delayClient)} / ${figure(row.delayHost)} ms`);
  return remarks.join('; ');
}

/** The cells of one row. */
export function cells(row) {
  const { title } = SYSTEMS[row.system];
  return [title, figure(row.value), figure(row.min), figure(row.max), times(row.ratio), times(row.rawRatio), remark(row)];
}

/** Rows by workload, in the order in which they came. */
export function byWorkload(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.workload, [...(groups.get(row.workload) ?? []), row]);
  return groups;
}

const heading = ({ workload, title, unit, better }) => `${workload}  ${title} [${unit}, ${better} is better]`;

/** The table for a terminal. */
export function terminalTable(rows) {
  const lines = [];
  for (const group of byWorkload(rows).values()) {
    const body = [HEAD, ...group.map(cells)];
    const widths = HEAD.map((_, column) => Math.max(...body.map((line) => line[column].length)));
    const line = (texts) => texts.map((text, column) => (column === 0 || column === 6 ? text.padEnd(widths[column]) : text.padStart(widths[column]))).join('  ').trimEnd();
    lines.push(heading(group[0]), ...body.map(line), '');
  }
  return lines.join('\n');
}

/** How dynobot stands, for a terminal. */
export function targetTable(rows) {
  const lines = standing(rows).map(({ workload, target, reached, met }) => `${met ? 'ok  ' : 'MISS'}  ${workload.padEnd(26)} ${reached.padStart(12)}   ${target}`);
  return lines.length > 0 ? `dynobot against its targets\n${lines.join('\n')}` : '';
}
