import { LoopDelay } from '../lib/loop-delay.mjs';
import { repeatOutstanding } from './measure.mjs';
import { callRate } from './w2-calls.mjs';
import { EventCounter } from './w3-events.mjs';

const SIZES = { references: [10, 1_000, 100_000, 1_000_000], sessions: [1, 10, 100, 1_000] };
const QUICK_SIZES = { references: [10, 1_000, 20_000], sessions: [1, 10, 100] };
const COUNT = new Intl.NumberFormat('en-US');

const key = (rate, size, what) => `W11 ${rate} ${COUNT.format(size)} ${what}`;

function measures(what) {
  return SIZES[what].flatMap((size) => [
    { key: key('W2', size, what), title: `Calls as in W2, with ${COUNT.format(size)} live ${what}`, unit: 'calls/s', better: 'higher' },
    { key: key('W3', size, what), title: `Events as in W3, with ${COUNT.format(size)} live ${what}`, unit: 'events/s', better: 'higher' },
  ]);
}

/** Brings the number of live references, or of sessions beside the one measured, up to a size. */
const grow = {
  async references({ client, from, to }) {
    await repeatOutstanding({ count: to - from, milliseconds: Infinity, lanes: 1_000 }, (n) => client.keep(() => n));
  },
  async sessions({ connect, from, to, others }) {
    for (let i = Math.max(from, 1); i < to; i++) {
      const other = await connect();
      await other.add(1, 1);
      others.push(other);
    }
  },
};

/** Both rates, and how late the event loops of both sides were meanwhile. */
async function rates({ client, counter, host, size }) {
  const delay = new LoopDelay();
  delay.start();
  await host.ask('delayStart');
  const { rate: calls } = await callRate(client, { count: 100_000, milliseconds: size(5_000, 300) });
  const { rate: events } = await counter.rate({ count: 200_000, milliseconds: size(5_000, 300) });
  return { calls, events, delays: { delayClient: delay.stop(), delayHost: await host.ask('delayStop') } };
}

/** Whether it stays as fast when there is much of something else. */
export default (name) => {
  const what = name.split(' ')[1];
  return {
    name,
    deadline: 240_000,
    quickOnce: true,
    quickLast: true,
    quickDeadline: 15_000,
    transports: ['unix'],
    systems: ['hand-json', 'dynobot'],
    measures: measures(what),
    needs: ['add', 'listen', 'keep'],
    async run({ connect, host, size }) {
      const client = await connect();
      const counter = new EventCounter(host);
      const others = [];
      await client.listen(counter.handle);
      await rates({ client, counter, host, size });
      const outcome = { notes: {} };
      let from = 0;
      let smallest;
      for (const to of size(SIZES, QUICK_SIZES)[what]) {
        await grow[what]({ client, connect, from, to, others });
        from = to;
        const { calls, events, delays } = await rates({ client, counter, host, size });
        smallest ??= { calls, events };
        outcome[key('W2', to, what)] = calls;
        outcome[key('W3', to, what)] = events;
        outcome.notes[key('W2', to, what)] = { ofSmallest: calls / smallest.calls, ...delays };
        outcome.notes[key('W3', to, what)] = { ofSmallest: events / smallest.events, ...delays };
      }
      return outcome;
    },
  };
};
