import type { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostReport, SessionReport } from 'dynobot';
import { vi } from 'vitest';
import { connect, type Connection } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { Command, type Outcome } from './command.js';

const RADIO = fileURLToPath(new URL('modules/radio.ts', import.meta.url));

/** Each command is a process that starts, and a test runs many. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** A place where no hosts but the test's own are, and the commands that run there. */
export class Stage implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'dynobot-cli-'));
  readonly #commands: Command[] = [];
  readonly #hosts: string[] = [];
  readonly env: NodeJS.ProcessEnv = { ...process.env, XDG_RUNTIME_DIR: this.directory, XDG_STATE_HOME: this.directory };

  constructor() {
    for (const name of ['DYNOBOT_HOST', 'FORCE_COLOR', 'NODE_OPTIONS']) delete this.env[name];
  }

  /** Starts a command. */
  start(...args: string[]): Command {
    const command = new Command(args, this.env, this.directory);
    this.#commands.push(command);
    return command;
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<Outcome> {
    const command = this.start(...args);
    command.process.stdin!.end();
    return command.outcome();
  }

  /** Runs a command that must succeed; returns what its JSON says. */
  async json(...args: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
    return JSON.parse(stdout) as unknown;
  }

  /** Hosts a module, by default the radio. At the end it must be without a trace of anybody. */
  async host(name: string, module = RADIO): Promise<Command> {
    const host = this.start('host', module, '--name', name);
    await host.prints(/^hosting .*\n/m);
    this.#hosts.push(name);
    return host;
  }

  /** The host is gone, or is about to be: it is asked nothing more. */
  forget(name: string): void {
    this.#hosts.splice(this.#hosts.indexOf(name), 1);
  }

  /** Writes a file, to be hosted or run. */
  file(path: string, text: string): string {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** A client of the test's own process, which takes turns in a role. */
  client(host: string, role: string, name = 'a client'): Promise<Connection<Record<string, EventEmitter>>> {
    return connect(join(this.directory, `dynobot-${process.getuid?.()}/${host}.sock`), { role, name, reconnect: false });
  }

  async report(host: string): Promise<HostReport> {
    return (await this.json('inspect', host)) as HostReport;
  }

  async sessions(host: string): Promise<SessionReport[]> {
    return (await this.report(host)).sessions;
  }

  /** Waits until so many listeners of an event are there, of whomever. */
  async listeners(host: string, event: string, count: number): Promise<void> {
    await eventually(`the number of listeners of ${event}`, async () => {
      const attached = (await this.sessions(host)).flatMap((session) => session.attached);
      return attached.filter((listeners) => listeners.event === event).reduce((sum, listeners) => sum + listeners.count, 0);
    }, count);
  }

  /** Waits until nothing of anybody is left in the host. */
  async empties(host: string): Promise<void> {
    await eventually(`the list of sessions of ${host}`, () => this.sessions(host), []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      for (const host of this.#hosts) await this.empties(host);
    } finally {
      await Promise.all(this.#commands.map((command) => command.end()));
      rmSync(this.directory, { recursive: true, force: true });
    }
  }
}
