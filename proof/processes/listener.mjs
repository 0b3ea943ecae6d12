// Hears numbered events, in a process or a thread of its own, and says what it has heard.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { connect } from 'dynobot';

async function target(way) {
  if (way === 'ipc') return process;
  if (way === 'worker') return parentPort;
  if (!way.startsWith('tcp:')) return way;
  const socket = createConnection(Number(way.slice(4)), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

const { services } = await connect(await target(process.env.HOST), { reconnect: false });
let next = 0;
const heard = { distinct: 0, doubled: 0, misordered: 0 };
services.emitter.on('numbered', (number, { sent }) => {
  if (sent !== number) heard.misordered++;
  if (number === next) heard.distinct++;
  else if (number < next) heard.doubled++;
  else {
    heard.misordered++;
    heard.distinct++;
  }
  next = Math.max(next, number + 1);
});
await services.control.listening(() => heard);
