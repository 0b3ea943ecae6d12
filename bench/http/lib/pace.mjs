import { once } from 'node:events';
import { createConnection } from 'node:net';
import { Worker } from 'node:worker_threads';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n';
const LAST = 'hello world';
/** Seconds that do not count: V8 compiles, connections settle, and what was needed only for that is collected. */
const WARM_UP = 4;

/**
 * Milliseconds within which 99 of 100 requests are answered, at `rate` requests a second over `connections` connections. They
 * are due at even intervals; the time of each counts from when it was due, so that a server that stalls is not spared the
 * requests that it kept from being sent. (autocannon's own rate is a burst at the beginning of each second.)
 * The connections take turns: one that is not used for five seconds would be closed by the server.
 * Between requests this process sleeps: the server and the handler have the processors for themselves.
 */
export async function delays(port, { rate, seconds, connections = 50 }) {
  let lost;
  const idle = await Promise.all(Array.from({ length: connections }, () => open(port, (error) => { lost ??= error; })));
  const all = [...idle];
  const waiting = [];
  const taken = [];
  const total = rate * (WARM_UP + seconds);
  const begun = performance.now();
  let due = 0;
  const send = (connection, at) => {
    connection.answered = () => {
      taken.push(performance.now() - at);
      const next = waiting.shift();
      if (next === undefined) idle.push(connection);
      else send(connection, next);
    };
    connection.socket.write(REQUEST);
  };
  const clock = new Worker(new URL('clock.mjs', import.meta.url), { workerData: { interval: 1_000 / rate } });
  while (taken.length < total) {
    await once(clock, 'message');
    if (lost !== undefined) throw lost;
    const now = performance.now() - begun;
    for (; due < total && (due * 1_000) / rate <= now; due++) {
      const at = begun + (due * 1_000) / rate;
      const connection = idle.shift();
      if (connection === undefined) waiting.push(at);
      else send(connection, at);
    }
  }
  await clock.terminate();
  for (const { socket } of all) socket.destroy();
  const sorted = taken.slice(rate * WARM_UP).toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1];
}

async function open(port, fail) {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.on('error', fail).on('close', () => fail(new Error('the server has closed a connection')));
  const connection = { socket, answered: () => {} };
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
    if (!text.endsWith(LAST)) return;
    text = '';
    connection.answered();
  });
  return connection;
}
