import { describe, expect, it } from 'vitest';
import { planOf } from '../../sim/plan.js';
import { run } from '../../sim/run.js';
import { shrink } from '../../sim/shrink.js';
import { Random } from '../support/random.js';

const SEEDS = 1500;

async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = [];
  await run(planOf(seed), (line) => lines.push(line));
  return lines;
}

describe('the simulation', () => {
  it(`finds nothing wrong in ${SEEDS} runs`, async () => {
    const { seed: first } = Random.fromEnvironment();
    for (let seed = first; seed < first + SEEDS; seed++) {
      const { problems } = await run(planOf(seed));
      expect(problems, `npm run sim -- --seed ${seed}`).toEqual([]);
    }
  });

  it('plays the same run for the same seed', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const trace = await traceOf(seed);
      expect(trace.length).toBeGreaterThan(10);
      expect(await traceOf(seed)).toEqual(trace);
    }
  });

  it('plays different runs for different seeds', async () => {
    const traces = new Set<string>();
    for (const seed of [1, 2, 3]) traces.add((await traceOf(seed)).join('\n'));
    expect(traces.size).toBe(3);
  });

  it('enables each action and each ending in some runs', () => {
    const plans = Array.from({ length: 300 }, (_, seed) => planOf(seed));
    const actions = new Set(plans.flatMap(({ steps }) => steps.map(({ action }) => action)));
    expect(actions.size).toBeGreaterThan(15);
    expect(new Set(plans.map(({ ending }) => ending))).toEqual(new Set(['orderly', 'close', 'cut']));
    expect(new Set(plans.map(({ programs }) => programs))).toEqual(new Set([2, 3]));
  });

  it('shortens a failure to the steps that it takes', async () => {
    const plan = planOf(3);
    const broken = plan.steps.map((step, i) => (i === 4 ? { ...step, action: 'nonsense' as 'call' } : step));
    const shortest = await shrink({ ...plan, steps: broken }, 'errors');
    expect(shortest.steps.map(({ action }) => action)).toEqual(['nonsense']);
  });
});
