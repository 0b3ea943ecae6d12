import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { median } from '../lib/statistics.mjs';

const run = promisify(execFile);
const FILE = fileURLToPath(new URL('../processes/cold.mjs', import.meta.url));

/** A process that has just begun: until the system is imported, and from there until the first answer. */
export default {
  name: 'W10',
  quickForAll: true,
  transports: ['unix'],
  measures: [
    { key: 'W10 import', title: 'Cold: import, after an empty start of Node', unit: 'ms', better: 'lower' },
    { key: 'W10 connect', title: 'Cold: connect, until the first answer', unit: 'ms', better: 'lower' },
  ],
  needs: ['add'],
  async run({ task, host, size }) {
    const { transport, path } = host.endpoint;
    const argument = JSON.stringify({ system: task.system, endpoint: { transport, path } });
    const starts = [];
    for (let i = 0; i < size(9, 3); i++) {
      const { stdout } = await run(process.execPath, [FILE, argument]);
      starts.push(JSON.parse(stdout.trim().split('\n').at(-1)));
    }
    return {
      'W10 import': median(starts.map((start) => start.imported)),
      'W10 connect': median(starts.map((start) => start.answered)),
    };
  },
};
