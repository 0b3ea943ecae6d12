import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';

const HOST = new URL('fixtures/host.ts', import.meta.url);

/** A script, and what it has said so far. */
class Script {
  said = '';
  readonly exited: Promise<[number | null, string | null]>;
  private constructor(readonly process: ChildProcessWithoutNullStreams) {
    process.stdout.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    process.stderr.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    this.exited = once(process, 'exit') as Promise<[number | null, string | null]>;
  }
  static start(name: string, args: string[], env: Record<string, string> = {}): Script {
    return new Script(spawn(process.execPath, [fileURLToPath(new URL(`fixtures/${name}.mjs`, import.meta.url)), ...args], { env: { ...process.env, ...env } }));
  }
  async says(what: string): Promise<void> {
    await eventually(`whether it says ${what}`, () => this.said.includes(what), true);
  }
}

let host: HostProcess;
let scripts: Script[];
beforeEach(async () => {
  host = await HostProcess.start(HOST);
  scripts = [];
});
afterEach(async () => {
  for (const { process } of scripts) process.kill('SIGKILL');
  await host.stop();
});

function start(name: string, ...args: string[]): Script {
  const script = Script.start(name, args);
  scripts.push(script);
  return script;
}

/** A client that waits for another one that never answers. */
async function waiting(what: string): Promise<Script> {
  const never = start('never', host.name);
  await never.says('kept');
  const script = start('failing', host.name, what);
  await script.says('waiting');
  return script;
}

describe('a client that stands still', () => {
  it('throws when the host is killed', async () => {
    const script = await waiting('wait');
    host.kill('SIGKILL');
    await script.exited;
    expect(script.said).toBe('waiting\nERR_DYNOBOT_DISCONNECTED\n');
  });

  it('throws when another client does not answer in time, and goes on', async () => {
    const script = await waiting('timeout');
    await script.exited;
    expect(script.said).toBe('waiting\nERR_DYNOBOT_TIMEOUT dyno\n');
  });

  it('throws when the host hangs', async () => {
    const script = start('failing', host.name, 'hang');
    await script.says('waiting');
    host.kill('SIGSTOP');
    await script.says('ERR_DYNOBOT_TIMEOUT').finally(() => host.kill('SIGCONT'));
  });

  it('is ended by Ctrl-C', async () => {
    const script = await waiting('interrupt');
    script.process.kill('SIGINT');
    expect(await script.exited).toEqual([null, 'SIGINT']);
  });

  it('has its handler of Ctrl-C called', async () => {
    const script = await waiting('handler');
    // Noticed from a tenth of a second on; before, it is kept until the wait ends.
    const again = setInterval(() => script.process.kill('SIGINT'), 150);
    expect(await script.exited.finally(() => clearInterval(again))).toEqual([3, null]);
    expect(script.said).toContain('interrupted');
  });
});

describe('its process', () => {
  it('lives as long as the connection is open, unless that is unref’d', async () => {
    const ref = start('failing', host.name, 'ref');
    expect(await ref.exited).toEqual([0, null]);
    expect(ref.said).toBe('done\nstill here\n');
    const unref = start('failing', host.name, 'unref');
    expect(await unref.exited).toEqual([0, null]);
  });

  it('ends when it has closed the connection', async () => {
    const closed = start('failing', host.name, 'close');
    expect(await closed.exited).toEqual([0, null]);
    await eventually('the sessions', () => host.sessions(), []);
  });
});

describe('connecting', () => {
  it('takes no turns in a role, and says so, also where a runner has given it one', async () => {
    const script = Script.start('failing', [host.name, 'role'], { DYNOBOT_ROLE: 'responder' });
    scripts.push(script);
    await script.exited;
    expect(script.said).toBe('ERR_DYNOBOT_ROLE ERR_DYNOBOT_ROLE nothing ERR_DYNOBOT_ARGUMENT\n');
  });

  it.each([
    ['nobody hosts that name', 'nobody-hosts-this', 'ERR_DYNOBOT_NO_HOST'],
    ['it is no name', 'no/name', 'ERR_DYNOBOT_ADDRESS'],
    ['nobody hosts that path', '/nowhere/host.sock', 'ERR_DYNOBOT_NO_HOST'],
  ])('fails as it does for a client that awaits: %s', async (_title, address, code) => {
    const script = start('failing', address, 'connect');
    await script.exited;
    expect(script.said).toBe(`${code}\n`);
  });

  it('fails when the host does not greet', async () => {
    host.kill('SIGSTOP');
    const script = start('failing', host.name, 'connect');
    await script.exited.finally(() => host.kill('SIGCONT'));
    expect(script.said).toBe('ERR_DYNOBOT_LIMIT_HANDSHAKE\n');
  });
});

it('is served by its parent, if it is a Worker', async () => {
  const script = start('worker-host');
  await eventually('what it says', () => script.said.split('\n').length, 3);
  const [said, cleaned] = script.said.split('\n').map((line) => (line === '' ? undefined : (JSON.parse(line) as unknown)));
  expect(said).toEqual(['dyno', true, ['dyno: 2'], 'here', 0]);
  expect(cleaned).toMatchObject({ listeners: 1, calls: 0, answers: 0 });
  expect(await script.exited).toEqual([0, null]);
});
