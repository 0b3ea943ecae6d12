import { data } from './table/data.js';
import { errors } from './table/errors.js';
import { primitives } from './table/primitives.js';
import { references } from './table/references.js';
import type { Row } from './table/row.js';
import { standIns } from './table/stand-ins.js';

/** Everything that crosses, kind by kind: docs/values.md shows it, everything.test.ts sends it. */
export const table: readonly Row[] = [...primitives, ...data, ...errors, ...references, ...standIns];

export function rowOf(kind: string): Row {
  const row = table.find((one) => one.kind === kind);
  if (row === undefined) throw new Error(`the table has no row ${kind}`);
  return row;
}

/** The table as docs/values.md shows it. */
export function renderTable(): string {
  const lines = table.map(({ kind, how, kept, lost = '' }) => `| ${kind} | ${how} | ${kept} | ${lost} |`);
  return ['| value | how it crosses | what is kept | what is not |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
