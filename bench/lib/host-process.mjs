import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Control } from './control.mjs';

const FILE = fileURLToPath(new URL('../processes/host.mjs', import.meta.url));

/** The host of a trial, as its client sees it: the endpoint to connect to, and the control beside it. */
export class HostProcess {
  endpoint;
  #control;
  #readyOrGone;

  constructor({ system, workload, transport, path }) {
    this.endpoint = { transport, path, workload };
    const task = { system, endpoint: this.endpoint };
    const start = transport === 'worker' ? this.#startWorker : this.#startProcess;
    const { stdin, stdout, whenGone } = start.call(this, task);
    this.#readyOrGone = new Promise((resolve, reject) => {
      this.#control = new Control(stdout, stdin, {
        ready: (facts) => resolve(Object.assign(this.endpoint, facts)),
      });
      whenGone((how) => {
        const error = new Error(`its host ended: ${how}`);
        reject(error);
        this.#control.lost(error);
      });
    });
    this.#readyOrGone.catch(() => {});
  }

  ready() {
    return this.#readyOrGone;
  }

  ask(what, body) {
    return this.#control.ask(what, body);
  }

  tell(what, body) {
    this.#control.tell(what, body);
  }

  #startProcess(task) {
    const child = fork(FILE, [JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit', 'ipc', 'pipe'] });
    this.endpoint.child = child;
    const whenGone = (tell) => child.on('exit', (code, signal) => tell(signal ?? `code ${code}`));
    // Its input and output may be what is measured.
    return { stdin: child.stdio[4], stdout: child.stdio[4], whenGone };
  }

  #startWorker(task) {
    const worker = new Worker(FILE, { workerData: task, stdin: true, stdout: true });
    this.endpoint.worker = worker;
    const whenGone = (tell) => worker.on('error', (error) => tell(error.message)).on('exit', (code) => tell(`code ${code}`));
    return { stdin: worker.stdin, stdout: worker.stdout, whenGone };
  }
}
