// A host that is talked to by hostile sessions of its own process, as fast as it can listen, while others use it.
import { EventEmitter } from 'node:events';
import { host } from 'dynobot';
import { answer } from '../lib/answer.mjs';
import { guided } from '../lib/guided.mjs';
import { Hostile } from '../lib/hostile.mjs';
import { Line } from '../lib/line.mjs';
import { Random } from '../lib/random.mjs';
import { watchWorld } from '../lib/world.mjs';
import { makeServices } from './services.mjs';

const world = watchWorld();
const { services, emitter } = makeServices();
/** What the neighbour uses: nobody else may emit. */
const quiet = new EventEmitter();
const neighbourly = { echo: (n) => n };
const hosted = await host({ ...services, quiet, neighbourly }, {
  name: process.env.HOST,
  reach: { quiet: { allow: ['on', 'off'] }, neighbourly: { readOnly: true } },
  limits: { listeners: 100, calls: 200, references: 2000, shapes: 100, frame: 1_000_000, elements: 20_000, queue: 8_000_000, heartbeat: 0 },
});
hosted.on('error', () => {});

let number = 0;
setInterval(() => quiet.emit('tick', number++), 1).unref();

const turn = () => new Promise((resolve) => setImmediate(resolve));
const BATCH = 4;

/** Sends hostile frames for so many milliseconds, or so many of them. Returns how many of each sort. */
async function fuzz(seed, frames, milliseconds) {
  const random = new Random(seed);
  const used = process.cpuUsage();
  const counts = {};
  let total = 0;
  let sessions = 0;
  const end = performance.now() + milliseconds;
  while (total < frames && performance.now() < end) {
    const yieldAt = performance.now() + BATCH;
    while (performance.now() < yieldAt && total < frames) {
      const line = Line.to(hosted);
      sessions++;
      const hostile = new Hostile(random, line.ids);
      if (!random.chance(0.02)) line.greet();
      for (let n = random.integer(1, 60); n > 0 && !line.over; n--) {
        const [name, frame] = hostile.next();
        counts[name] = (counts[name] ?? 0) + 1;
        total++;
        line.frame(frame);
        if (random.chance(0.05)) await undefined;
      }
      line.cut();
    }
    await turn();
  }
  const { user, system } = process.cpuUsage(used);
  return { total, sessions, counts, seconds: (user + system) / 1e6 };
}

answer({
  fuzz,
  guided: (seed, milliseconds, corpus) => guided({ hosted, random: new Random(seed), corpus, milliseconds }),
  world,
  tick: () => number,
  report: () => {
    const { sessions } = hosted.inspect();
    return { sessions: sessions.map(({ client, listeners, calls, answers, imports }) => ({ client, listeners, calls, answers, imports })), attached: emitter.eventNames().length };
  },
  memory: () => {
    gc();
    return process.memoryUsage().heapUsed;
  },
});
