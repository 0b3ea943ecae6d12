// A client for proof:stop, over any transport, in a process or a thread: NAME is its own, WAY leads to the host. It stands
// still when it is told to.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { Duplex } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from 'dynobot';

const { NAME, WAY } = workerData ?? process.env;

async function target() {
  if (WAY === 'ipc') return process;
  if (WAY === 'worker') return parentPort;
  if (WAY === 'stdio') return Duplex.from({ readable: process.stdin, writable: process.stdout });
  if (!WAY.startsWith('tcp:')) return WAY;
  const socket = createConnection(Number(WAY.slice(4)), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

const connection = await connect(await target(), { name: NAME, reconnect: false });
connection.on('close', (reason) => (process.connected ? process.send({ lost: reason?.code, at: Date.now() }) : undefined)).on('error', () => {});
(parentPort ?? process).on('message', (message) => {
  if (message?.block !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.block === 'for ever' ? Infinity : message.block);
});
process.on('disconnect', () => process.exit());
