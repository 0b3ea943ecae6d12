import { execFile } from 'node:child_process';
import type { About } from '../options.js';
import { COUNTS, type Count } from '../problem.js';

export interface Catch {
  readonly seeds: number;
  readonly seconds: number;
  /** By which count it was caught; undefined if it was not. */
  readonly by: Count | undefined;
}

type Result = { readonly seeds: number; readonly seconds: number } & Record<Count, number>;

/** Plays the simulation of a copy until it fails, or the time is up. */
export function hunt(folder: string, seconds: number, about: About): Promise<Catch> {
  const args = ['sim/start.mjs', 'main', '--seed', '1', '--seconds', String(seconds), '--workers', '1', '--about', about, '--json', '--no-trace'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, timeout: (seconds + 20) * 1000 }, (_error, output, errors) => {
      const last = output.trim().split('\n').at(-1) ?? '';
      if (!last.startsWith('{')) return reject(new Error(`the simulation in ${folder} did not come to a result:\n${errors}`));
      const result = JSON.parse(last) as Result;
      resolve({ seeds: result.seeds, seconds: result.seconds, by: COUNTS.find((count) => result[count] > 0) });
    });
  });
}
