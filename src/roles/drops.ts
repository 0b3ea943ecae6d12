import type { DropCount, DropReason } from './report.js';

/** Counts of events that were dropped, by object and event. */
export class Drops {
  readonly #counts = new Map<string, DropCount>();
  total = 0;

  add(on: string, event: string, reason: DropReason): void {
    const key = JSON.stringify([on, event]);
    let known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, (known = { on, event, count: 0, reasons: {} }));
    known.count++;
    known.reasons[reason] = (known.reasons[reason] ?? 0) + 1;
    this.total++;
  }

  report(): DropCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count, reasons: { ...count.reasons } }));
  }
}
