import { PATIENCE, within } from './deadline.js';

/** Things that arrive one by one, all kept: whoever waits for one may come before it or after it. */
export class Feed<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  push(item: T): void {
    this.all.push(item);
    for (const look of [...this.#waiting]) look();
  }

  /** The first item, from position `from` on, that fits. */
  async next(what: string, fits: (item: T) => boolean, { from = 0, ms = PATIENCE } = {}): Promise<T> {
    let seen = from;
    let look = () => {};
    const found = new Promise<T>((resolve) => {
      look = () => {
        while (seen < this.all.length) {
          const item = this.all[seen++] as T;
          if (fits(item)) return resolve(item);
        }
      };
      this.#waiting.add(look);
      look();
    });
    try {
      return await within(ms, what, found);
    } finally {
      this.#waiting.delete(look);
    }
  }
}
