import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SYSTEMS } from '../systems/index.mjs';

const PART = fileURLToPath(new URL('../processes/part.mjs', import.meta.url));

/** The processes of one system with one app, for as long as it is measured. */
export class Trial {
  #directory = mkdtempSync(join(tmpdir(), 'bench-http-'));
  #children = [];
  port = 0;

  static async start(system, app) {
    const trial = new Trial();
    const { handles } = SYSTEMS[system];
    const start = (part) => trial.#start({ system, app, part, path: join(trial.#directory, 's') });
    try {
      if (handles === 'first') await start('handler');
      ({ port: trial.port } = await start('front'));
      if (handles === 'then') await start('handler');
      return trial;
    } catch (error) {
      await trial.stop();
      throw error;
    }
  }

  async #start(task) {
    const child = fork(PART, [JSON.stringify(task)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--no-warnings', ...(SYSTEMS[task.system].flags ?? [])] });
    this.#children.push(child);
    const exited = once(child, 'exit').then(([code]) => { throw new Error(`the ${task.part} of ${task.system} ended with ${code}`); });
    const [ready] = await Promise.race([once(child, 'message'), exited]);
    exited.catch(() => {});
    return ready;
  }

  async stop() {
    await Promise.all(this.#children.map((child) => {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      return exited;
    }));
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
