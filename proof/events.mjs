// npm run proof:events: numbered events to four clients over each transport. None lost, doubled or out of order.
import { EventEmitter, once } from 'node:events';
import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { host } from 'dynobot';
import { freshName, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';

const CLIENTS = 4;
const BATCH = 5_000;
const LISTENER = fileURLToPath(new URL('./processes/listener.mjs', import.meta.url));

/** Ways by which four listeners are made clients. Each returns how they are ended. */
const WAYS = {
  unix: async (hosted, name) => {
    const children = Array.from({ length: CLIENTS }, () => fork(LISTENER, { env: { ...process.env, HOST: name } }));
    return () => children.forEach((child) => child.kill('SIGKILL'));
  },
  tcp: async (hosted) => {
    const server = createServer((socket) => hosted.attach(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const children = Array.from({ length: CLIENTS }, () => fork(LISTENER, { env: { ...process.env, HOST: `tcp:${server.address().port}` } }));
    return () => {
      server.close();
      children.forEach((child) => child.kill('SIGKILL'));
    };
  },
  ipc: async (hosted) => {
    const children = Array.from({ length: CLIENTS }, () => fork(LISTENER, { env: { ...process.env, HOST: 'ipc' } }));
    for (const child of children) hosted.attach(child);
    return () => children.forEach((child) => child.kill('SIGKILL'));
  },
  worker: async (hosted) => {
    const workers = Array.from({ length: CLIENTS }, () => new Worker(LISTENER, { env: { ...process.env, HOST: 'worker' } }));
    for (const worker of workers) hosted.attach(worker);
    return () => Promise.all(workers.map((worker) => worker.terminate()));
  },
};

async function play(way, events) {
  const name = freshName();
  const emitter = new EventEmitter();
  const readers = [];
  const control = {
    /** A listener is there, and tells by `count` what it has heard. */
    listening: (count) => void readers.push(count),
  };
  const hosted = await host({ emitter, control }, { name });
  const end = await WAYS[way](hosted, name);
  while (readers.length < CLIENTS) await new Promise((resolve) => setTimeout(resolve, 5));
  const began = performance.now();
  for (let sent = 0; sent < events;) {
    for (const to = Math.min(sent + BATCH, events); sent < to; sent++) emitter.emit('numbered', sent, { text: 'some text', sent });
    // As fast as they listen.
    await Promise.all(readers.map((count) => count()));
  }
  const heard = await Promise.all(readers.map((count) => count()));
  const seconds = (performance.now() - began) / 1000;
  const result = { lost: 0, doubled: 0, misordered: 0, rate: Math.round((events * CLIENTS) / seconds) };
  for (const one of heard) {
    result.lost += Math.max(0, events - one.distinct);
    result.doubled += one.doubled;
    result.misordered += one.misordered;
  }
  await hosted.close({ deadline: 200 });
  await end();
  return result;
}

await prove('events', async ({ short, figures }) => {
  const events = short ? 40_000 : 1_000_000;
  figures.figure('events', events);
  figures.figure('clients', CLIENTS);
  for (const way of Object.keys(WAYS)) {
    const { lost, doubled, misordered, rate } = await play(way, events);
    figures.zero(`${way}Lost`, lost);
    figures.zero(`${way}Doubled`, doubled);
    figures.zero(`${way}Misordered`, misordered);
    figures.figure(`${way}PerSecond`, rounded(rate, 0));
  }
});
