import { execFileSync, spawnSync } from 'node:child_process';
import os from 'node:os';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

function commit() {
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'bench', 'package.json') !== '';
    return git('rev-parse', '--short=10', 'HEAD') + (changed ? ' with changes' : '');
  } catch {
    return 'unknown';
  }
}

/** How many processes wanted a processor in the last minute, before anything was measured. */
const [load] = os.loadavg();

/** Where figures come from. */
export function machine() {
  const processors = os.cpus();
  return {
    processors: `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    v8: process.versions.v8,
    commit: commit(),
    cores: processors.length,
    load: Number(load.toFixed(1)),
    date: new Date().toISOString().slice(0, 10),
  };
}

/** The command that keeps a process and its children on one processor, if there is one. */
export function pinning() {
  const { status } = spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
  return status === 0 ? ['taskset', '-c', String(os.cpus().length - 1)] : [];
}
