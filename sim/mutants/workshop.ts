import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutant.js';

const ROOT = join(import.meta.dirname, '../..');

/** Copies of the project, each with one bug in it. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dynobot-mutants-'));
  #made = 0;

  constructor() {
    for (const part of ['src', 'sim']) cpSync(join(ROOT, part), join(this.#folder, 'original', part), { recursive: true });
  }

  /** Fails if the source is not as the mutant expects it: a bug that is not seeded must not count as caught. */
  check({ name, file, search }: Mutant): void {
    const found = this.#source(file).split(search).length - 1;
    if (found !== 1) throw new Error(`${name}: its place is ${found} times in src/${file}, not once. Adapt the mutant:\n${search}`);
  }

  /** Returns the folder of a copy. */
  make({ file, search, replace }: Mutant): string {
    const folder = join(this.#folder, String(++this.#made));
    cpSync(join(this.#folder, 'original'), folder, { recursive: true });
    for (const shared of ['node_modules', 'package.json', 'tsconfig.json']) symlinkSync(join(ROOT, shared), join(folder, shared));
    writeFileSync(join(folder, 'src', file), this.#source(file).replace(search, () => replace));
    return folder;
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #source(file: string): string {
    return readFileSync(join(this.#folder, 'original', 'src', file), 'utf8');
  }
}
