import { expect, test } from 'vitest';
import { Need } from '../../src/node/need.js';

const LOOK = 100;

/** Plays a process: `made` new references at each look, and collections that take `cost` milliseconds. */
class Played {
  readonly need = new Need();
  readonly collected: number[] = [];
  now = 0;
  spent = 0;

  constructor(private readonly cost: number) {}

  /** Each tenth of a second, for so many milliseconds. Returns after how many the first collection began. */
  pass(milliseconds: number, { made = 0, load = 0, freed = 0 } = {}): number | undefined {
    const began = this.now;
    let first: number | undefined;
    while (this.now < began + milliseconds) {
      this.now += LOOK;
      for (let i = 0; i < made; i++) this.need.grown();
      if (this.need.nextLook(this.now) === undefined || !this.need.look(this.now, load)) continue;
      first ??= this.now - began;
      this.#collect(freed);
    }
    return first;
  }

  #collect(freed: number): void {
    this.need.began();
    this.collected.push(this.now);
    this.now += this.cost;
    this.spent += this.cost;
    this.need.finished(this.now, this.cost);
    if (freed > 0) this.need.shrunk(freed);
  }
}

test('where nothing was made, nothing is collected, and the need is not even looked at', () => {
  const { need } = new Played(40);
  expect(need.nextLook(0)).toBeUndefined();
  expect(need.look(1_000, 0)).toBe(false);
});

test.each([
  { made: 1, title: 'one reference after three quiet seconds', least: 3_000, most: 3_200 },
  { made: 100, title: 'a hundred after one', least: 1_000, most: 1_200 },
  { made: 10_000, title: 'ten thousand at once', least: 100, most: 100 },
])('an idle process collects $title', ({ made, least, most }) => {
  const played = new Played(40);
  for (let i = 0; i < made; i++) played.need.grown();
  const after = played.pass(10_000)!;
  expect(after).toBeGreaterThanOrEqual(least);
  expect(after).toBeLessThanOrEqual(most);
});

test('a process that works collects only from 20,000 new references on', () => {
  const played = new Played(40);
  expect(played.pass(10_000, { made: 100, load: 0.9 })).toBeUndefined();
  expect(played.pass(20_000, { made: 100, load: 0.9 })).toBe(10_000);
});

test('a process that has time to spare, but something to do, leaves it be for a single one, for thirty seconds', () => {
  const played = new Played(40);
  played.need.grown();
  expect(played.pass(60_000, { load: 0.5 })).toBeGreaterThanOrEqual(30_000);
  expect(played.collected).toHaveLength(1);
  for (let i = 0; i < 1_000; i++) played.need.grown();
  expect(played.pass(10_000, { load: 0.5 })).toBeLessThanOrEqual(1_200);
  expect(played.pass(600_000, { load: 0.5 })).toBeUndefined();
  expect(played.pass(100)).toBe(100);
});

test('asked by the side that pays, it collects as soon as it is idle', () => {
  const played = new Played(40);
  played.need.asked();
  expect(played.pass(1_000, { load: 0.9 })).toBeUndefined();
  expect(played.pass(1_000)).toBe(100);
  expect(played.need.nextLook(played.now)).toBeUndefined();
});

test('what was let go is a hint, where there are references at all', () => {
  const played = new Played(40);
  played.need.loosened();
  expect(played.need.nextLook(0)).toBeUndefined();
  played.need.grown();
  played.pass(10_000);
  for (let i = 0; i < 100_000; i++) played.need.loosened();
  expect(played.pass(10_000)).toBe(3_100);
  expect(played.collected).toHaveLength(2);
});

test('what survived is looked at again, ever less often; not when it is little', () => {
  const played = new Played(10);
  for (let i = 0; i < 1_000; i++) played.need.grown();
  played.pass(600_000);
  const between = played.collected.slice(1).map((at, i) => Math.round((at - played.collected[i]!) / 1000));
  expect(between.slice(0, 6)).toEqual([3, 6, 12, 24, 48, 60]);
  played.need.shrunk(950);
  expect(played.need.nextLook(played.now)).toBeUndefined();
});

test.each([
  { cost: 40, made: 1_000 }, { cost: 40, made: 10_000 }, { cost: 400, made: 10_000 }, { cost: 2_000, made: 5_000 }, { cost: 40, made: 60 }, { cost: 500, made: 60 },
])('collections of $cost ms take at most an eighth of the time, however many are made ($made in 100 ms)', ({ cost, made }) => {
  for (const load of [0, 0.5, 0.9]) {
    const played = new Played(cost);
    played.pass(120_000, { made, load, freed: made });
    expect(played.spent / played.now).toBeLessThanOrEqual(0.125);
  }
});

test('a few in every few seconds cost at most four hundredths', () => {
  const played = new Played(200);
  for (let i = 0; i < 200; i++) {
    played.pass(LOOK, { made: 150 });
    played.pass(1_200);
  }
  expect(played.spent / played.now).toBeLessThanOrEqual(0.04);
});
