// A client for the proofs: HOST is whose.
import { connect } from 'dynobot';
import { answer } from '../lib/answer.mjs';

let connection;
const seen = { settled: 0, failed: 0, codes: {} };
const note = (promise) => promise.then(() => seen.settled++, (error) => {
  seen.failed++;
  seen.codes[error?.code ?? error?.name] = (seen.codes[error?.code ?? error?.name] ?? 0) + 1;
});

async function plug(options = {}) {
  connection = await connect(process.env.HOST === 'ipc' ? process : process.env.HOST, { name: `client-${process.pid}`, ...JSON.parse(process.env.OPTIONS ?? '{}'), ...options });
  connection.on('error', () => {});
  connection.on('close', (reason) => process.send({ closed: reason?.code, at: Date.now() }, undefined, undefined, () => {}));
  return connection;
}

/** Calls, events, streams, references: all that a client may be in the middle of. */
async function burden({ role = false, ready = true, calls = 20, listeners = 50, references = 100 } = {}) {
  await plug(role ? { role: 'worker' } : {});
  const { work, emitter, jobs } = connection.services;
  if (role) {
    // It takes its time, and tells when it begins: so a kill can come in the middle.
    connection.onHandover(async () => {
      process.send({ handing: true });
      await new Promise((resolve) => setTimeout(resolve, 30));
      return { seen: seen.settled };
    });
    jobs.on('task', () => {});
    if (ready) void connection.ready().catch(() => {});
  }
  for (let i = 0; i < calls; i++) void note(work.hang());
  // What a role listens to stays attached, for its next process.
  for (let i = 0; i < listeners && !role; i++) emitter.on(i % 2 === 0 ? 'tick' : `event ${i}`, () => {});
  globalThis.held = await work.things(references);
  const stream = await work.endless();
  stream.on('data', () => {}).on('error', () => {});
  void note((async () => {
    for await (const one of await work.numbers(1e9)) if (one === -1) break;
  })());
  for (let i = 0; i < 5; i++) void note(work.use(() => new Promise(() => {})));
  await work.keep(() => {}, {}, [() => {}]);
  void (async () => {
    // Without a connection a call fails at once: the loop must not starve the process.
    for (;;) await Promise.all([note(work.echo({ at: Date.now() })), new Promise((resolve) => setTimeout(resolve, 1))]);
  })();
}

answer({
  plug: async (options) => {
    await plug(options);
  },
  burden,
  /** Asks for the turn, and waits for nothing. */
  ready: () => void connection.ready().catch(() => {}),
  listen: async () => {
    await plug();
    let next;
    const heard = { events: 0, misordered: 0, gaps: 0 };
    globalThis.heard = heard;
    connection.on('gap', ({ total }) => {
      heard.gaps += total;
      next += total;
    });
    connection.services.emitter.on('tick', (number) => {
      if (next !== undefined && number !== next) heard.misordered++;
      next = number + 1;
      heard.events++;
    });
    await connection.services.work.echo(0);
  },
  heard: () => globalThis.heard,
  /** How long so many milliseconds of calls, one after the other at a pace, took each: the slowest percent. */
  pace: async (milliseconds) => {
    const times = [];
    for (const end = performance.now() + milliseconds; performance.now() < end;) {
      const began = performance.now();
      await connection.services.work.echo({ text: 'x'.repeat(100) });
      times.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    times.sort((a, b) => a - b);
    return { calls: times.length, p50: times[Math.floor(times.length / 2)], p99: times[Math.floor(times.length * 0.99)] };
  },
  /** Blocks this process. */
  block: (milliseconds) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
  call: (method, ...args) => connection.services.work[method](...args),
  seen: () => seen,
  tables: () => connection.tables,
  connected: () => connection.connected,
  close: () => connection.close(),
});
