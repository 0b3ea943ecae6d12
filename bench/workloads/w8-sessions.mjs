import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Control } from '../lib/control.mjs';

const FILE = fileURLToPath(new URL('../processes/receiver.mjs', import.meta.url));
const SESSIONS = 1_000;
const PROCESSES = 4;

function startReceiver(task, endpoint) {
  const order = { system: task.system, endpoint: { transport: endpoint.transport, path: endpoint.path }, sessions: SESSIONS / PROCESSES };
  const child = fork(FILE, [JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  const control = new Control(child.stdout, child.stdin);
  child.on('exit', () => control.lost(new Error('a receiver ended')));
  return control;
}

async function deliveriesPerSecond(host, receivers, order) {
  const start = performance.now();
  const sent = await host.ask('emit', { ...order, burst: 1 });
  await Promise.all(receivers.map((receiver) => receiver.ask('received', sent)));
  return (sent * SESSIONS * 1_000) / (performance.now() - start);
}

/** One event a turn, to every one of 1,000 sessions. */
export default {
  name: 'W8',
  quickLast: true,
  quickDeadline: 15_000,
  transports: ['unix'],
  measures: [{ key: 'W8', title: 'One event to 1,000 sessions in 4 processes', unit: 'deliveries/s', better: 'higher' }],
  needs: ['listen'],
  async run({ task, host, size }) {
    const receivers = Array.from({ length: PROCESSES }, () => startReceiver(task, host.endpoint));
    await Promise.all(receivers.map((receiver) => receiver.ask('connect')));
    await deliveriesPerSecond(host, receivers, { count: size(50, 50), milliseconds: size(2_000, 1_000) });
    return { W8: await deliveriesPerSecond(host, receivers, { count: size(400, 100), milliseconds: size(5_000, 500) }) };
  },
};
