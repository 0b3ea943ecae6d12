// A client that calls as often as it is told.
import { connect } from 'dynobot';
import { answer } from '../lib/answer.mjs';

const { services } = await connect(process.env.HOST, { name: 'soaker' });
const { work } = services;
/** On a machine that has become busy since it was measured, calls would pile up without end. */
const MOST_OPEN = 20_000;
let made = 0;
let open = 0;
let timer;
const settled = () => void open--;

answer({
  /** Calls a second, with as many at a time as make a good pace. */
  measure: async (milliseconds) => {
    const began = performance.now();
    let done = 0;
    await Promise.all(Array.from({ length: 100 }, async () => {
      while (performance.now() - began < milliseconds) {
        await work.echo({ text: 'some text', number: done++ });
      }
    }));
    return (done / (performance.now() - began)) * 1000;
  },
  load: (perSecond) => {
    let last = performance.now();
    timer = setInterval(() => {
      const now = performance.now();
      for (let n = Math.min(5_000, Math.floor(((now - last) * perSecond) / 1000)); n > 0 && open < MOST_OPEN; n--) {
        made++;
        open++;
        // Every tenth hands over a callback, which becomes garbage.
        void (made % 10 === 0 ? work.use(() => 1, made) : work.echo({ text: 'some text', number: made })).then(settled, settled);
      }
      last = now;
    }, 5);
  },
  stop: () => {
    clearInterval(timer);
    return made;
  },
});
