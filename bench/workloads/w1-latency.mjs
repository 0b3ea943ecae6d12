import { median } from '../lib/statistics.mjs';
import { expect, repeat } from './measure.mjs';

const BATCH = 100;

/** One call at a time; the median of batches, so that what else the processor does in between does not count. Pinned: both processes on one processor, so that no wake-up of another enters. */
export default (name) => ({
  name,
  pinned: name === 'W1',
  quickForAll: name === 'W1',
  measures: [{
    key: name,
    title: `One call at a time, ${name === 'W1' ? 'both processes on one processor' : 'processes where the system puts them'}`,
    unit: 'µs',
    better: 'lower',
  }],
  needs: ['add'],
  async run({ connect, size }) {
    const client = await connect();
    const call = async (n) => {
      const sum = await client.add(n, 1);
      expect(client.unchecked || sum === n + 1, sum);
    };
    await repeat({ count: 30_000, milliseconds: size(1_000, 300) }, call);
    const batches = [];
    await repeat({ count: 500, milliseconds: size(3_000, 250) }, async () => {
      const { done, milliseconds } = await repeat({ count: BATCH, milliseconds: Infinity }, call);
      batches.push((milliseconds * 1_000) / done);
    });
    return { [name]: median(batches) };
  },
});
