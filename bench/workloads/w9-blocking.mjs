import { median } from '../lib/statistics.mjs';
import { expect, repeat } from './measure.mjs';

const BATCH = 100;

/** Microseconds of one call: the median of batches. */
async function latency(call, size) {
  await repeat({ count: 5_000, milliseconds: size(1_000, 200) }, call);
  const batches = [];
  await repeat({ count: 300, milliseconds: size(3_000, 250) }, async () => {
    const begun = performance.now();
    for (let i = 0; i < BATCH; i++) await call(i);
    batches.push(((performance.now() - begun) * 1_000) / BATCH);
  });
  return median(batches);
}

/** The same for calls that block: nothing is awaited in a batch. */
async function blockingLatency(call, size) {
  const batches = [];
  await repeat({ count: 300, milliseconds: size(4_000, 450) }, () => {
    const begun = performance.now();
    for (let i = 0; i < BATCH; i++) expect(call(i, 1) === i + 1, 'a sum');
    batches.push(((performance.now() - begun) * 1_000) / BATCH);
  });
  return median(batches.slice(batches.length >> 1));
}

/** One call that blocks until its answer is there, beside what others have: one that is awaited. */
export default (name) => ({
  name,
  pinned: name === 'W9',
  transports: ['unix'],
  systems: ['raw', 'hand-json', 'dynobot'],
  measures: [{
    key: name,
    title: `One blocking call of dynobot's, beside awaited ones by hand, ${name === 'W9' ? 'both processes on one processor' : 'processes where the system puts them'}`,
    unit: 'µs',
    better: 'lower',
  }],
  needs: ['add'],
  async run({ connect, size }) {
    const client = await connect();
    const awaited = await latency(async (n) => {
      const sum = await client.add(n, 1);
      expect(client.unchecked || sum === n + 1, sum);
    }, size);
    if (client.blocking === undefined) return { [name]: awaited };
    const blocking = await client.blocking();
    const value = await blockingLatency(blocking.add, size);
    await blocking.close();
    return { [name]: value, notes: { [name]: { awaited, ofAwaited: value / awaited } } };
  },
});
