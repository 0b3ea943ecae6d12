import { inspect, stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';

type Output = NodeJS.WriteStream;

/** Colours only on a terminal, whatever else speaks for them. */
export function colors(output: Output): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(Boolean(output.isTTY) && picocolors.isColorSupported);
}

let whenUnread = (): void => process.exit(0);

/** Whoever read this output has gone (`| head`). That is no error: by default the command ends. */
export function leaveWhenUnread(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      whenUnread();
    });
  }
}

/** For a command that has more to do than to print. */
export function stayWhenUnread(): void {
  whenUnread = () => {};
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What is said besides the result. */
export function remark(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What another process calls itself, without what would steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}

/** The whole value, for people. */
export function show(value: unknown): string {
  const everything = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity };
  return typeof value === 'string' ? value : inspect(value, { ...everything, colors: colors(process.stdout).isColorSupported });
}

/** Rows in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell + ' '.repeat(widths[column]! - widthOf(cell))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

const UNITS = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's']] as const;

/** `3 min`: as much of a duration as people want to know. */
export function duration(ms: number): string {
  const [length, unit] = UNITS.find(([length]) => ms >= length) ?? [1, 'ms'];
  return `${Math.floor(ms / length)} ${unit}`;
}

/** `1 listener`, `2 listeners`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
