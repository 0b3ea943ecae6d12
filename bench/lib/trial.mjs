import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLIENT = fileURLToPath(new URL('../processes/client.mjs', import.meta.url));
const MARK = '{"outcome":';

/** The last line of what a failed process said that says why. */
function reason(complaint, how) {
  const lines = complaint.split('\n').map((line) => line.trim());
  return lines.find((line) => /^(\w*Error|RangeError|.*heap out of memory)\b/.test(line)) ?? lines.findLast((line) => line !== '') ?? how;
}

function killTree(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function command({ pin, profile }) {
  const flags = ['--expose-gc', '--no-warnings'];
  if (profile !== undefined) flags.push('--cpu-prof', `--cpu-prof-dir=${profile}`);
  return [...pin, process.execPath, ...flags, CLIENT];
}

/**
 * One measurement of one system, in processes of its own. Never rejects: gives `{ outcome }` or `{ failure }`; a system that
 * crashes or hangs is reported as such, and nothing of it stays behind.
 */
export function runTrial(task, { pin, profile, deadline }) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const argument = JSON.stringify({ ...task, path: join(directory, 's') });
  const [file, ...flags] = command({ pin, profile });
  return new Promise((resolve) => {
    const child = spawn(file, [...flags, argument], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    let hung = false;
    const alarm = setTimeout(() => {
      hung = true;
      killTree(child);
    }, deadline);
    child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { complaint = (complaint + text).slice(-20_000); });
    child.on('close', (code, signal) => {
      clearTimeout(alarm);
      killTree(child);
      rmSync(directory, { recursive: true, force: true });
      const line = output.split('\n').find((text) => text.startsWith(MARK));
      if (hung) resolve({ failure: `hung: no result in ${deadline / 1_000} s` });
      else if (line !== undefined) resolve(JSON.parse(line));
      else resolve({ failure: `crashed: ${reason(complaint, signal ?? `code ${code}`).slice(0, 160)}` });
    });
  });
}
