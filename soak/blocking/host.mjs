// Hosts what the clients of the soak play with.
import { EventEmitter } from 'node:events';
import { byReference, host } from 'dynobot';

class Counter extends EventEmitter {
  count = 0;
  add(n) { return (this.count += n); }
  /** An event for everybody, numbered by who has sent it. */
  tell(from, n) { this.emit('told', from, n); return n; }
}

const counter = new Counter();
counter.setMaxListeners(0);
const friends = new Map();
const meeting = byReference({
  join: (name, fn) => void friends.set(name, fn),
  leave: (name) => void friends.delete(name),
  ask: (name, from, depth) => friends.get(name)?.(from, depth) ?? 'nobody',
  twice: (fn, value) => [1, 2].forEach(() => fn(value)),
  fresh: (n) => new Counter().add(n),
  make: () => new Counter(),
});

const made = await host({ counter, meeting }, { name: process.env.TEST_HOST });
made.on('error', (error, where) => process.send({ error: `${where}: ${error.stack}` }));
process.on('message', ({ ask, what }) => {
  globalThis.gc();
  const sessions = made.inspect().sessions;
  if (what === 'memory') process.send({ answer: ask, value: { heap: Math.round(process.memoryUsage().heapUsed / 1e5) / 10, exports: sessions.reduce((sum, session) => sum + session.exports, 0) } });
  if (what === 'left') setTimeout(() => process.send({ answer: ask, value: { sessions: made.inspect().sessions.length, listeners: counter.listenerCount('told') } }), 500);
});
process.send({});
