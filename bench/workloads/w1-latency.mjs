import { expect, repeat } from './measure.mjs';

/** One call at a time. Pinned: both processes on one processor, so that no wake-up of another enters. */
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
    const { done, milliseconds } = await repeat({ count: 50_000, milliseconds: size(3_000, 200) }, call);
    return { [name]: (milliseconds * 1_000) / done };
  },
});
