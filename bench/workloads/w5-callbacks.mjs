import { withEffort } from '../lib/effort.mjs';
import { settledHeap } from '../lib/heap.mjs';
import { repeatOutstanding } from './measure.mjs';

const LANES = 1_000;

/** A fresh callback with each call; the host does not keep it. What stays behind all the same is noted. */
export default {
  name: 'W5',
  quickForAll: true,
  measures: [{ key: 'W5', title: '200,000 fresh callbacks, passed and dropped', unit: 'calls/s', better: 'higher' }],
  needs: ['take'],
  async run({ connect, host, size }) {
    const client = await connect();
    const pass = (n) => client.take(() => n);
    await repeatOutstanding({ count: 100_000, milliseconds: size(1_500, 400), lanes: LANES }, pass);
    const before = [await settledHeap(), await host.ask('heap')];
    const { done, rate, notes } = await withEffort(host, async () => {
      const { done: passed, milliseconds } = await repeatOutstanding({ count: 200_000, milliseconds: size(6_000, 400), lanes: LANES }, pass);
      return { done: passed, rate: (passed * 1_000) / milliseconds };
    });
    const after = [await settledHeap(), await host.ask('heap')];
    const [keptByClient, keptByHost] = after.map((bytes, side) => Math.max(0, Math.round((bytes - before[side]) / done)));
    return { W5: rate, notes: { W5: { ...notes, keptByClient, keptByHost } } };
  },
};
