// A thread that sleeps until the next request is due, and says so: a loop that asks for the time would take a whole processor
// from what is measured, and timers know milliseconds only.
import { parentPort, workerData } from 'node:worker_threads';

const { interval } = workerData;
const nothing = new Int32Array(new SharedArrayBuffer(4));
const begun = performance.now();
for (let due = 1; ; due++) {
  const left = begun + due * interval - performance.now();
  if (left > 0) Atomics.wait(nothing, 0, 0, left);
  parentPort.postMessage(0);
}
