// What the system itself tells of a process that was killed, and when: how long after the signal a plain socket of it
// closes. A host cannot know earlier.
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './process.mjs';

export class SystemsEye {
  #closed = new Map();
  /** Run by each process that is to be watched, before all else. */
  module = new URL('./seen.mjs', import.meta.url).href;

  static async open(name) {
    const eye = new SystemsEye();
    eye.path = join(tmpdir(), `${name}-eye`);
    eye.server = createServer((socket) => {
      let pid = '';
      socket.on('data', (text) => (pid += text)).on('error', () => {}).on('close', () => eye.#closed.set(Number(pid), Date.now()));
    });
    await new Promise((resolve) => eye.server.listen(eye.path, resolve));
    return eye;
  }

  /** Milliseconds from each kill until the system had told. */
  async seen(killed) {
    await eventually(() => [...killed.keys()].every((pid) => this.#closed.has(pid)), 5_000);
    return [...killed].map(([pid, at]) => (this.#closed.get(pid) ?? Infinity) - at);
  }

  close() {
    this.server.close();
  }
}
