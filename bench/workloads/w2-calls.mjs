import { withEffort } from '../lib/effort.mjs';
import { expect, repeatOutstanding } from './measure.mjs';

const LANES = 1_000;

/** Many calls, of which up to 1,000 wait for their answers. */
export async function callRate(client, { count, milliseconds }) {
  const call = async (n) => {
    const sum = await client.add(n, 1);
    expect(client.unchecked || sum === n + 1, sum);
  };
  const { done, milliseconds: took } = await repeatOutstanding({ count, milliseconds, lanes: LANES }, call);
  return { done, rate: (done * 1_000) / took };
}

export default {
  name: 'W2',
  quickForAll: true,
  measures: [{ key: 'W2', title: '100,000 calls, up to 1,000 outstanding', unit: 'calls/s', better: 'higher' }],
  needs: ['add'],
  async run({ connect, host, size }) {
    const client = await connect();
    await callRate(client, { count: 150_000, milliseconds: size(1_500, 400) });
    const { rate, notes } = await withEffort(host, () => callRate(client, { count: 100_000, milliseconds: size(5_000, 400) }));
    return { W2: rate, notes: { W2: notes } };
  },
};
