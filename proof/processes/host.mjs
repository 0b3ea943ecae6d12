// A host for the proofs: HOST is its name, OPTIONS what it is made with.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { host } from 'dynobot';
import { answer } from '../lib/answer.mjs';
import { watchWorld } from '../lib/world.mjs';
import { makeServices } from './services.mjs';

const world = watchWorld();
const { services, emitter, jobs, kept } = makeServices();
const hosted = await host(services, { name: process.env.HOST, ...JSON.parse(process.env.OPTIONS ?? '{}') });
const ended = [];
const errors = [];
hosted.on('disconnect', ({ session, reason, cleaned }) => ended.push({ client: session.client, pid: session.pid, reason: reason?.code, cleaned, at: Date.now() }));
hosted.on('error', (error, where) => errors.length < 100 && errors.push(`${where}: ${error?.message ?? error}`));
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

let rate;
let number = 0;

answer({
  world,
  ended: () => ended.splice(0),
  errors: () => errors,
  report: () => {
    const { sessions } = hosted.inspect();
    const sum = (table) => sessions.reduce((total, session) => total + session[table], 0);
    return { sessions: sessions.length, clients: sessions.map(({ client }) => client), exports: sum('exports'), imports: sum('imports'), calls: sum('calls'), answers: sum('answers'), listeners: sum('listeners'), dropped: sum('dropped'), attached: emitter.eventNames().reduce((total, event) => total + emitter.listenerCount(event), 0) };
  },
  memory: () => {
    gc();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heap: heapUsed };
  },
  delay: () => {
    const p99 = delay.percentile(99) / 1e6;
    delay.reset();
    return p99;
  },
  drop: () => kept.clear(),
  /** Events for who has the turn in a role. */
  employ: () => void setInterval(() => jobs.emit('task', number), 2),
  /** Emits so many numbered events a millisecond, until it is told otherwise. */
  emit: (perMillisecond, size = 20) => {
    clearInterval(rate);
    if (perMillisecond === 0) return number;
    const text = 'x'.repeat(size);
    let last = performance.now();
    rate = setInterval(() => {
      const now = performance.now();
      for (let n = Math.floor((now - last) * perMillisecond); n > 0; n--) emitter.emit('tick', number++, text);
      last = now;
    }, 2);
    return number;
  },
  close: (options) => hosted.close(options),
});
