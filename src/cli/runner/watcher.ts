import { existsSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';

/** Milliseconds of quiet that make a save of several changes. The watcher itself keeps still about changes within 50 ms. */
const QUIET = 60;
/** How often files are looked for that are not there, and folders that are not the same any more: milliseconds. */
const LOOK = 200;
const INSTALLED = `${sep}node_modules${sep}`;

/** Watches files: those that are there, and those that should be. */
export class Watcher {
  readonly #watcher: FSWatcher = watch([], { ignoreInitial: true });
  readonly #files = new Set<string>();
  readonly #missing = new Set<string>();
  /** Which folder is at each path that files are in. Who watches a file is not told that its folder was moved, or another put in its place. */
  readonly #folders = new Map<string, number | undefined>();
  readonly #changed = new Set<string>();
  readonly #looking: NodeJS.Timeout;
  #quiet: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param saved is told of the files that have changed, when there is quiet */
  constructor(private readonly saved: (files: string[]) => void) {
    this.#watcher.on('change', (file) => this.#change(file));
    this.#watcher.on('unlink', (file) => this.#unlink(file));
    this.#watcher.on('error', () => {}); // What cannot be watched is like a file that never changes.
    this.#looking = setInterval(() => this.#look(), LOOK);
  }

  /** Installed packages are not watched: package.json is. */
  add(file: string): void {
    // A process that goes may still tell what it loads; chokidar would begin anew.
    if (this.#isClosed || this.#files.has(file) || file.includes(INSTALLED)) return;
    this.#files.add(file);
    const folder = dirname(file);
    if (!this.#folders.has(folder)) this.#folders.set(folder, folderAt(folder));
    if (existsSync(file)) this.#watcher.add(file);
    else this.#missing.add(file);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#quiet);
    clearInterval(this.#looking);
    await this.#watcher.close();
  }

  #change(file: string): void {
    this.#changed.add(file);
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      const files = [...this.#changed];
      this.#changed.clear();
      this.saved(files);
    }, QUIET);
  }

  #unlink(file: string): void {
    // A watcher of one file ends with it.
    this.#watcher.unwatch(file);
    this.#missing.add(file);
    this.#change(file);
  }

  #look(): void {
    for (const [folder, known] of this.#folders) {
      const present = folderAt(folder);
      if (present === known) continue;
      this.#folders.set(folder, present);
      for (const file of this.#files) if (dirname(file) === folder && !this.#missing.has(file)) this.#unlink(file);
    }
    for (const file of this.#missing) {
      if (!existsSync(file)) continue;
      this.#missing.delete(file);
      this.#watcher.add(file);
      this.#change(file);
    }
  }
}

function folderAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
