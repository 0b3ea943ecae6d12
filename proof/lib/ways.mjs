// Clients of one host over each transport, for proof:stop: how each begins, is stopped, made busy, and ends.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const FILE = fileURLToPath(new URL('../processes/stop-client.mjs', import.meta.url));

const inProcess = (child) => ({ stop: () => child.kill('SIGSTOP'), block: (ms) => child.send({ block: ms }), end: () => child.kill('SIGKILL'), child });

function forked(NAME, WAY) {
  return fork(FILE, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, NAME, WAY } });
}

async function listening(taken) {
  const server = createServer(taken).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return server;
}

/** A line between two that can be cut so that neither side is told: what is sent vanishes, and nothing is closed. */
async function dropping(port) {
  let isCut = false;
  const server = await listening((near) => {
    const far = createConnection(port, '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]]) from.on('data', (chunk) => isCut || to.write(chunk)).on('error', () => {}).on('close', () => isCut || to.destroy());
  });
  return { port: server.address().port, cut: () => (isCut = true), close: () => server.close() };
}

/** By the transport: starts a client of that name, and attaches it where the host must do so. */
export const WAYS = {
  unix: (hosted, host, name) => inProcess(forked(name, host)),
  ipc: (hosted, host, name) => {
    const child = forked(name, 'ipc');
    hosted.attach(child);
    return inProcess(child);
  },
  tcp: async (hosted, host, name) => {
    const server = await listening((socket) => hosted.attach(socket));
    return inProcess(forked(name, `tcp:${server.address().port}`));
  },
  /** A connection that is half open: the client lives, but nothing comes through. */
  cable: async (hosted, host, name) => {
    const server = await listening((socket) => hosted.attach(socket));
    const line = await dropping(server.address().port);
    return { ...inProcess(forked(name, `tcp:${line.port}`)), stop: line.cut };
  },
  stdio: (hosted, host, name) => {
    const child = spawn(process.execPath, [FILE], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'], env: { ...process.env, NAME: name, WAY: 'stdio' } });
    hosted.attach(Duplex.from({ readable: child.stdout, writable: child.stdin }));
    return inProcess(child);
  },
  /** A thread whose event loop is blocked for good. */
  worker: (hosted, host, name) => {
    const worker = new Worker(FILE, { workerData: { NAME: name, WAY: 'worker' } });
    hosted.attach(worker);
    return { stop: () => worker.postMessage({ block: 'for ever' }), block: (ms) => worker.postMessage({ block: ms }), end: () => void worker.terminate() };
  },
};
