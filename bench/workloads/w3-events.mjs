import { withEffort } from '../lib/effort.mjs';
import { expect } from './measure.mjs';

const BURST = 1_000;
const WINDOW = 20_000;

/** Counts events, tells the host how far it is, and can wait for the last one. */
export class EventCounter {
  #host;
  #received = 0;
  #last = -1;
  #expected = Infinity;
  #arrived;

  constructor(host) {
    this.#host = host;
  }

  handle = (event) => {
    if (event !== undefined) this.#last = event.n;
    if (++this.#received % BURST === 0) this.#host.tell('acknowledge', this.#received);
    if (this.#received >= this.#expected) this.#arrived();
  };

  /** Has the host emit; gives how many, and events per second, from the first emitted to the last handled. */
  async rate({ count, milliseconds }) {
    this.#received = 0;
    this.#last = -1;
    this.#expected = Infinity;
    const start = performance.now();
    const sent = await this.#host.ask('emit', { count, milliseconds, burst: BURST, window: WINDOW });
    await new Promise((resolve) => {
      this.#expected = sent;
      this.#arrived = resolve;
      if (this.#received >= sent) resolve();
    });
    expect(this.#received === sent && (this.#last === -1 || this.#last === sent - 1), `${this.#received} of ${sent} events`);
    return { done: sent, rate: (sent * 1_000) / (performance.now() - start) };
  }
}

export default {
  name: 'W3',
  quickForAll: true,
  measures: [{ key: 'W3', title: "200,000 events to a client's handler", unit: 'events/s', better: 'higher' }],
  needs: ['listen'],
  async run({ connect, host, size }) {
    const client = await connect();
    const counter = new EventCounter(host);
    await client.listen(counter.handle);
    await counter.rate({ count: 200_000, milliseconds: size(1_500, 400) });
    const { rate, notes } = await withEffort(host, () => counter.rate({ count: 200_000, milliseconds: size(5_000, 400) }));
    return { W3: rate, notes: { W3: notes } };
  },
};
