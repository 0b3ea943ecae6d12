import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the soak, which answers questions over IPC. */
export class Process {
  #last = 0;
  #answers = new Map();
  #child;
  exited;

  static async start(name, ...args) {
    const started = new Process(name, args);
    await started.#first;
    return started;
  }

  #first;

  constructor(name, args) {
    const file = fileURLToPath(new URL(`../processes/${name}.mjs`, import.meta.url));
    this.#child = fork(file, args.map(String), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--expose-gc', '--no-warnings'] });
    this.exited = once(this.#child, 'exit');
    this.#first = Promise.race([once(this.#child, 'message'), this.exited.then(([code]) => { throw new Error(`${name} ended with ${code} before it was ready`); })]);
    this.#first.catch(() => {});
    this.#child.on('message', ({ id, answer }) => {
      this.#answers.get(id)?.(answer);
      this.#answers.delete(id);
    });
  }

  get pid() {
    return this.#child.pid;
  }

  ask(question, ...args) {
    const id = ++this.#last;
    this.#child.send({ id, question, args });
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}

/** In such a process: it is ready, and answers. */
export function answer(questions) {
  process.on('message', async ({ id, question, args }) => process.send({ id, answer: await questions[question](...args) }));
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}
