import { settledHeap } from '../lib/heap.mjs';
import { expect, repeatOutstanding } from './measure.mjs';

/** What a callback costs for as long as the host holds it, on either side; the callback itself and its place in an array included. */
export default {
  name: 'W6',
  quickForAll: true,
  heldAgainst: 'capnweb',
  measures: [
    { key: 'W6 client', title: 'Heap of a live callback, in the client', unit: 'B', better: 'lower' },
    { key: 'W6 host', title: 'Heap of a live callback, in the host', unit: 'B', better: 'lower' },
  ],
  needs: ['keep'],
  async run({ connect, host, size }) {
    const client = await connect();
    const keep = (n) => client.keep(() => n);
    await repeatOutstanding({ count: 2_000, milliseconds: 1_000, lanes: 100 }, keep);
    const held = await host.ask('kept');
    const before = [await settledHeap(), await host.ask('heap')];
    const { done } = await repeatOutstanding({ count: size(100_000, 20_000), milliseconds: size(20_000, 800), lanes: 100 }, keep);
    const after = [await settledHeap(), await host.ask('heap')];
    expect((await host.ask('kept')) - held === done, 'callbacks held');
    return { 'W6 client': (after[0] - before[0]) / done, 'W6 host': (after[1] - before[1]) / done };
  },
};
