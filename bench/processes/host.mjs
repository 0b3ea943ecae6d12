// The hosting process (or worker) of one trial: publishes the service through one system, and does what it is told.
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { Control } from '../lib/control.mjs';
import { Emission } from '../lib/emission.mjs';
import { processorTime } from '../lib/effort.mjs';
import { settledHeap } from '../lib/heap.mjs';
import { LoopDelay } from '../lib/loop-delay.mjs';
import { Service } from '../lib/service.mjs';

const task = workerData ?? JSON.parse(process.argv[2]);
const service = new Service();
service.setMaxListeners(0);
const emission = new Emission(service);
const delay = new LoopDelay();
// Beside input and output, which may be what is measured; a worker has no more than those.
const aside = parentPort === null ? new Socket({ fd: 4 }) : undefined;
const control = new Control(aside ?? process.stdin, aside ?? process.stdout, {
  emit: (order) => emission.run(order),
  acknowledge: (count) => emission.acknowledge(count),
  heap: settledHeap,
  processorTime,
  kept: () => service.kept.length,
  delayStart: () => delay.start(),
  delayStop: () => delay.stop(),
});
aside?.on('end', () => process.exit());

const system = await import(`../systems/${task.system}.mjs`);
await system.serve(task.endpoint, service);
control.tell('ready', { port: task.endpoint.port });
