// npm run soak:http:idle: thousands of connections that are kept alive and idle. They cost the handler nothing: no memory, no
// table entry, no time.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { options } from './lib/options.mjs';
import { Process } from './lib/process.mjs';

const KIB = 1024;
/** Bytes of heap, and milliseconds of processor time in three seconds, that are noise. */
const NOISE = { heap: 512 * KIB, processor: 150 };
const AT_ONCE = 200;
const REQUEST = 'GET /hello/0 HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n';

const { connections, window, json } = options({ connections: 10_000, window: 3000 });
const name = `soak-idle-${process.pid}`;

async function open(port) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  await ask(socket);
  return socket;
}

/** Each connection has been used, as those of browsers are. */
function ask(socket) {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk) => {
      text += chunk;
      if (!text.endsWith('hello world\r\n0\r\n\r\n')) return;
      socket.off('data', hear).off('close', lost);
      resolve();
    };
    const lost = () => reject(new Error(`a connection was closed: ${text}`));
    socket.on('data', hear).on('close', lost).write(REQUEST);
  });
}

async function openAll(port, count) {
  const sockets = [];
  while (sockets.length < count) sockets.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () => open(port)))));
  return sockets;
}

async function state(handler) {
  // What has been used is let go of a little later.
  await pause(1000);
  return { memory: await handler.ask('memory'), tables: await handler.ask('tables') };
}

async function processorTime(handler, milliseconds) {
  const before = await handler.ask('processor');
  await pause(milliseconds);
  const { user, system } = await handler.ask('processor');
  return (user + system - before.user - before.system) / 1000;
}

const host = await Process.start('host', name);
const handler = await Process.start('handler', name);
try {
  const port = await host.ask('port');
  // The same number come and go before: what a process gets to know while it works is not what idle connections cost.
  for (const socket of await openAll(port, connections)) socket.destroy();
  const before = await state(handler);
  const sockets = await openAll(port, connections);
  const after = await state(handler);
  const result = {
    connections: (await host.ask('connections')).open,
    handlerHeap: after.memory.heapUsed - before.memory.heapUsed,
    handlerReferences: after.tables.exports + after.tables.imports - before.tables.exports - before.tables.imports,
    handlerProcessor: Number((await processorTime(handler, window)).toFixed(1)),
  };
  await Promise.all(sockets.slice(0, 100).map(ask));
  for (const socket of sockets) socket.destroy();
  console.log(json ? JSON.stringify(result) : `${result.connections} idle connections: the handler has ${Math.round(result.handlerHeap / KIB)} KiB of heap more, ${result.handlerReferences} references more, and used ${result.handlerProcessor} ms in ${window} ms`);
  const { connections: there, handlerHeap, handlerReferences, handlerProcessor } = result;
  if (there !== connections || handlerHeap > NOISE.heap || handlerReferences > 0 || handlerProcessor > NOISE.processor) process.exitCode = 1;
} finally {
  await handler.kill();
  await host.kill();
}
