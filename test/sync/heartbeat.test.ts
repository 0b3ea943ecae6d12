import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';

const HOST = new URL('fixtures/host.ts', import.meta.url);
const CLIENT = fileURLToPath(new URL('fixtures/heartbeat.mjs', import.meta.url));
const WITHIN = 1_000;

/** A client that blocks, and what it has said so far. */
class Script {
  said = '';
  readonly exited: Promise<unknown>;
  readonly process: ChildProcess;
  constructor(what: string) {
    this.process = spawn(process.execPath, [CLIENT, host.name, what, String(WITHIN)]);
    for (const stream of [this.process.stdout!, this.process.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    this.exited = once(this.process, 'exit');
    scripts.push(this);
  }
  async says(what: string): Promise<void> {
    await eventually(`whether it says ${what}`, () => this.said.includes(what), true);
  }
}

let host: HostProcess;
let scripts: Script[] = [];

async function begin(heartbeat: number): Promise<void> {
  host = await HostProcess.start(HOST, { TEST_OPTIONS: JSON.stringify({ limits: { heartbeat } }) });
}

afterEach(async () => {
  for (const { process } of scripts) process.kill('SIGKILL');
  scripts = [];
  await eventually('the sessions', () => host.sessions(), []);
  await host.stop();
});

it('a client that stands still finds a host that has stopped, without a deadline for its call', async () => {
  await begin(WITHIN);
  const client = new Script('asking');
  await client.says('waiting');
  host.kill('SIGSTOP');
  const began = performance.now();
  await client.says('HEARTBEAT').finally(() => host.kill('SIGCONT'));
  const took = performance.now() - began;
  expect(client.said).toBe('waiting\nERR_DYNOBOT_LIMIT_HEARTBEAT is over\n');
  expect(took).toBeGreaterThan(WITHIN * 0.7);
  // On a busy machine each of its sixteen looks is late.
  expect(took).toBeLessThan(WITHIN * 1.25 + 2_000);
});

it('a client that stands still is heard of, although something comes all the time', async () => {
  await begin(WITHIN);
  await new Script('slow').says('kept');
  const client = new Script('patient');
  await client.exited;
  expect(client.said).toBe('waiting\nanswered lives\n');
});

it('a client that stands still is heard of while it handles what came at once, one after the other', async () => {
  await begin(WITHIN);
  const client = new Script('listening');
  await client.exited;
  expect(client.said).toBe('waiting\ntrue lives\n');
});

it('a client that was itself busy in the middle of a call takes nobody for stopped', async () => {
  await begin(0);
  const client = new Script('busy');
  await client.exited;
  expect(client.said).toBe('waiting\ntimed-out lives\n');
});

it('a client that was itself stopped in the middle of a call takes nobody for stopped', async () => {
  await begin(0);
  await new Script('slow').says('kept');
  const client = new Script('patient');
  await client.says('waiting');
  client.process.kill('SIGSTOP');
  await pause(2.5 * WITHIN);
  client.process.kill('SIGCONT');
  await client.exited;
  expect(client.said).toBe('waiting\nanswered lives\n');
});
