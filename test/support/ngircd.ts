import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findProgram } from '../../scripts/programs.mjs';
import { Feed } from './feed.js';
import { freePort } from './free-port.js';

const ngircd = findProgram('ngircd');

/** Whether there is an ngircd to test with. */
export const hasNgircd = ngircd !== undefined;
/** For the title of a suite, so that who reads the list of skipped tests learns how to run them. */
export const ngircdNote = hasNgircd ? '' : ' (skipped: ngircd is not installed)';

/** A private ngircd on a loopback port of its own. */
export class Ngircd {
  private constructor(
    readonly port: number,
    private readonly process: ChildProcess,
    private readonly lines: Feed<string>,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Ngircd> {
    // Between finding a free port and listening on it somebody else may take it.
    for (let attempts = 3; ; attempts--) {
      const server = await Ngircd.#launch(await freePort());
      try {
        await server.logged('ready', /\) ready\.$/);
        return server;
      } catch (error) {
        await server.stop();
        if (attempts === 1) throw new Error(`ngircd does not start: ${server.log}`, { cause: error });
      }
    }
  }

  static async #launch(port: number): Promise<Ngircd> {
    if (ngircd === undefined) throw new Error('ngircd is not installed');
    const folder = await mkdtemp(join(tmpdir(), 'dynobot-ngircd-'));
    const file = join(folder, 'ngircd.conf');
    await writeFile(file, configuration(port));
    await chmod(folder, 0o755); // Started by root, it reads on as another user.
    const child = spawn(ngircd, ['--nodaemon', '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = new Feed<string>();
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line));
    child.once('exit', (code, signal) => lines.push(`${EXITED} (${signal ?? code})`));
    child.once('error', (error) => lines.push(`${EXITED} (${error.message})`));
    return new Ngircd(port, child, lines, folder);
  }

  /** Everything that it has logged. */
  get log(): string {
    return this.lines.all.join('\n');
  }

  /** Every TCP connection that it has accepted, in order. */
  get connections(): readonly TcpConnection[] {
    return readConnections(this.lines.all);
  }

  /** The first line of its log that fits, now or later. */
  async logged(what: string, pattern: RegExp): Promise<string> {
    const line = await this.lines.next(`ngircd to log ${what}`, (one) => pattern.test(one) || one.startsWith(EXITED));
    if (line.startsWith(EXITED)) throw new Error(line);
    return line;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null && this.process.pid !== undefined) {
      const exited = once(this.process, 'exit');
      this.process.kill();
      await exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

const EXITED = 'ngircd has exited';

/** One TCP connection by ngircd's log. */
export interface TcpConnection {
  nick: string | undefined;
  closed: boolean;
}

// ngircd numbers its connections, and gives the number of a closed one to the next.
const ACCEPTED = /Accepted connection (\d+) from/;
const REGISTERED = /User "([^!]+)!\S+" registered \(connection (\d+)\)/;
const CLOSED = /Connection (\d+) with \S+ closed/;

function readConnections(lines: readonly string[]): TcpConnection[] {
  const all: TcpConnection[] = [];
  const open = new Map<string | undefined, TcpConnection>();
  for (const line of lines) {
    const [, accepted] = ACCEPTED.exec(line) ?? [];
    if (accepted !== undefined) {
      const connection = { nick: undefined, closed: false };
      all.push(connection);
      open.set(accepted, connection);
    }
    const [, nick, number] = REGISTERED.exec(line) ?? [];
    const registered = open.get(number);
    if (registered !== undefined) registered.nick = nick;
    const closed = open.get(CLOSED.exec(line)?.[1]);
    if (closed !== undefined) closed.closed = true;
  }
  return all;
}

/** No lookups that a test would wait for, and no penalties for talking much. */
function configuration(port: number): string {
  return `
[Global]
Name = irc.test.example
Info = dynobot's tests
AdminInfo1 = none
Listen = 127.0.0.1
Ports = ${port}
MotdPhrase = test
[Limits]
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 30
MaxPenaltyTime = 0
PingTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
`;
}
