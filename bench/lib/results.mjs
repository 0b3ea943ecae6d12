import { median, pairedRatio, summary } from './statistics.mjs';

const FLOOR = 'hand-json';

/** What came out of all rounds. One row for each measure and system. */
export class Results {
  #values = new Map();
  #failures = new Map();
  #notes = new Map();
  /** Why there is nothing where nothing failed. */
  missing = 'not measured';

  add(round, system, outcome) {
    const { notes, ...values } = outcome;
    for (const [key, value] of Object.entries(values)) {
      const rounds = this.#rounds(key, system) ?? new Map();
      this.#values.set(`${key}|${system}`, rounds.set(round, value));
      if (notes?.[key] !== undefined) this.#notes.set(`${key}|${system}`, [...(this.#notes.get(`${key}|${system}`) ?? []), notes[key]]);
    }
  }

  fail(keys, system, why) {
    for (const key of keys) this.#failures.set(`${key}|${system}`, why);
  }

  /** The rows of a plan, in its order. */
  rows(plan) {
    return plan.flatMap(({ workload, entries }) =>
      workload.measures.flatMap((measure) => entries.map((entry) => this.#row(measure, entry))));
  }

  #rounds(key, system) {
    return this.#values.get(`${key}|${system}`);
  }

  #row(measure, { system, unable }) {
    const { key, unit, title, better, floor = FLOOR } = measure;
    const place = { workload: key, system };
    const about = { title, better };
    const rounds = this.#rounds(key, system);
    if (rounds === undefined) {
      const reason = unable.get(key) ?? this.#failures.get(`${key}|${system}`) ?? this.missing;
      return { ...place, value: null, unit, min: null, max: null, ratio: null, reason, ...about };
    }
    const ratio = (to) => round(pairedRatio(rounds, this.#rounds(key, to))) ?? null;
    const { value, ...range } = rounded(summary([...rounds.values()]));
    const row = { ...place, value, unit, ...range, ratio: ratio(FLOOR), rounds: rounds.size };
    if (this.#rounds(key, 'raw') !== undefined) row.rawRatio = ratio('raw');
    if (floor !== FLOOR) Object.assign(row, { floor, floorRatio: ratio(floor) });
    const failure = this.#failures.get(`${key}|${system}`);
    if (failure !== undefined) row.failed = failure;
    return Object.assign(row, medians(this.#notes.get(`${key}|${system}`) ?? []), about);
  }
}

const round = (number) => (typeof number === 'number' ? Number(number.toPrecision(4)) : undefined);
const rounded = (numbers) => Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, round(number)]));

/** What was noted in several rounds: the median of each. */
function medians(notes) {
  const names = Object.keys(notes[0] ?? {});
  return rounded(Object.fromEntries(names.map((name) => [name, median(notes.map((note) => note[name]))])));
}
