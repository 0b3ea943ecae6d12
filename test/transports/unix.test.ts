import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, hostsDirectory } from '../../src/transports/address.js';
import { dial } from '../../src/transports/dial.js';
import { presentHosts } from '../../src/transports/hosts.js';
import { listen } from '../../src/transports/listen.js';
import type { Listener } from '../../src/transports/listen.js';
import type { Transport } from '../../src/transports/transport.js';
import { conformance } from './conformance.js';
import type { Report } from './far-side.js';
import { order } from './far-side.js';
import { exitOf, start, stop, told } from './processes.js';
import { Recorder } from './recorder.js';

let runtime: string;
const listeners: Listener[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'dt-'));
  vi.stubEnv('XDG_RUNTIME_DIR', runtime);
});
afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.close();
  await Promise.all(children.splice(0).map(stop));
  vi.unstubAllEnvs();
  rmSync(runtime, { recursive: true });
});

async function listening(address: string, onConnection: (transport: Transport) => void = () => {}): Promise<Listener> {
  const listener = await listen(address, onConnection);
  listeners.push(listener);
  return listener;
}

async function started(fixture: string, ...args: string[]): Promise<ChildProcess> {
  const child = start(fixture, args);
  children.push(child);
  await told(child, 'up');
  return child;
}

/** What a host leaves that was killed: a socket file that nobody listens behind. */
async function leaveStale(path: string): Promise<void> {
  const server = createServer().listen(`${path}~`);
  await once(server, 'listening');
  renameSync(`${path}~`, path);
  server.close();
}

function failing(code: string): unknown {
  return expect.objectContaining({ code });
}

conformance('host in another process', async () => {
  const child = await started('unix-host', 'bot');
  return { near: await dial('bot'), far: told<Report>(child, 'report'), dispose: () => stop(child) };
}, { mortal: true });

describe('an address', () => {
  it('is a name, in the directory of this user', () => {
    expect(addressOf('bot.2-b_c')).toEqual({ name: 'bot.2-b_c', path: join(runtime, `dynobot-${process.getuid?.()}`, 'bot.2-b_c.sock') });
  });

  it('is in the directory for temporary files without XDG_RUNTIME_DIR', () => {
    vi.stubEnv('XDG_RUNTIME_DIR', '');
    expect(hostsDirectory()).toBe(join(tmpdir(), `dynobot-${process.getuid?.()}`));
  });

  it('is a path, with or without unix:', () => {
    expect(addressOf('/a/b')).toEqual({ name: undefined, path: '/a/b' });
    expect(addressOf('unix:/a/b')).toEqual({ name: undefined, path: '/a/b' });
  });

  it.each(['', '.', '..', '.hidden', '-x', 'a b', 'a/b', './a', 'ünï', 'unix:bot', 'x'.repeat(65), '/a\0b', `/${'x'.repeat(120)}`])('is not %j', (address) => {
    expect(() => addressOf(address)).toThrow(failing('ERR_DYNOBOT_ADDRESS'));
  });

  it('has the longest path that the system allows, and no longer', async () => {
    const most = process.platform === 'linux' ? 107 : 103;
    const longest = join(runtime, 'x'.repeat(most - runtime.length - 1));
    await listening(longest);
    await expect(dial(longest)).resolves.toBeDefined();
    await expect(listen(`${longest}x`, () => {})).rejects.toThrow(failing('ERR_DYNOBOT_ADDRESS'));
  });

  it('says so when its name makes the path too long', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', join(runtime, 'x'.repeat(80)));
    await expect(dial('bot-with-a-name')).rejects.toThrow(/shorter name/);
  });
});

describe('listen', () => {
  it('gives a transport for each client', async () => {
    const names: string[] = [];
    const { path } = await listening('bot', (transport) => {
      names.push(transport.name);
      transport.open({ frame: (frame) => transport.send(frame), drained: () => {}, closed: () => {} });
    });
    for (const text of ['one', 'two']) {
      const transport = await dial('bot');
      const receiver = Recorder.open(transport);
      transport.send(text);
      await receiver.received(1);
      expect(receiver.frames).toEqual([text]);
      transport.close();
      await receiver.ended();
    }
    expect(names).toEqual([`unix:${path}`, `unix:${path}`]);
  });

  it('makes a private directory and a private socket, and leaves nothing else in it', async () => {
    const { path } = await listening('bot');
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(hostsDirectory()).mode & 0o777).toBe(0o700);
    expect(readdirSync(hostsDirectory())).toEqual(['bot.sock']);
  });

  it('refuses a name that a live host has', async () => {
    await listening('bot');
    await expect(listen('bot', () => {})).rejects.toThrow(failing('ERR_DYNOBOT_NAME_TAKEN'));
    await expect(dial('bot')).resolves.toBeDefined();
    expect(readdirSync(hostsDirectory())).toEqual(['bot.sock']);
  });

  it('replaces the socket of a host that was killed', async () => {
    const child = await started('unix-host', 'bot');
    const transport = await dial('bot');
    Recorder.open(transport);
    transport.send(order.die);
    await exitOf(child);
    await expect(dial('bot')).rejects.toThrow(failing('ERR_DYNOBOT_STALE_SOCKET'));
    await listening('bot');
    await expect(dial('bot')).resolves.toBeDefined();
  });

  it('never replaces what is not a socket', async () => {
    const path = join(runtime, 'notes.txt');
    writeFileSync(path, 'dear diary');
    await expect(listen(path, () => {})).rejects.toThrow(failing('ERR_DYNOBOT_ADDRESS'));
    expect(lstatSync(path).size).toBe(10);
    symlinkSync('/nowhere', join(runtime, 'link'));
    await expect(listen(join(runtime, 'link'), () => {})).rejects.toThrow(failing('ERR_DYNOBOT_ADDRESS'));
  });

  it('says why it cannot', async () => {
    await expect(listen(join(runtime, 'no', 'such'), () => {})).rejects.toThrow(/ENOENT/);
  });

  it('removes its file when it closes, and can be closed again', async () => {
    const listener = await listening('bot');
    listener.close();
    listener.close();
    expect(existsSync(listener.path)).toBe(false);
    await listening('bot');
    listener.close();
    await expect(dial('bot')).resolves.toBeDefined();
  });

  it('leaves the file of a successor alone', async () => {
    const listener = await listening('bot');
    rmSync(listener.path);
    await listening('bot');
    listener.close();
    await expect(dial('bot')).resolves.toBeDefined();
  });

  it('does not end the sessions that came through it', async () => {
    const listener = await listening('bot', (transport) => {
      transport.open({ frame: (frame) => transport.send(frame), drained: () => {}, closed: () => {} });
    });
    const transport = await dial('bot');
    const receiver = Recorder.open(transport);
    transport.send('before');
    await receiver.received(1);
    listener.close();
    transport.send('after');
    await receiver.received(2);
    transport.destroy();
  });

  it('gets over a lock that a killed process left', async () => {
    await listening('other');
    const lock = join(hostsDirectory(), '.bot.sock.lock');
    mkdirSync(lock);
    const long = (Date.now() - 60_000) / 1000;
    utimesSync(lock, long, long);
    await listening('bot');
    expect(existsSync(lock)).toBe(false);
  });
});

describe('hosts that start at the same instant', () => {
  const RACERS = 3;
  const ROUNDS = 60;

  it.each(['at a free name', 'over a stale socket'])('have one winner, %s', async (where) => {
    await listening('ensure-directory');
    const racers = await Promise.all(Array.from({ length: RACERS }, () => started('racer')));
    for (let round = 0; round < ROUNDS; round += 1) {
      const address = `bot-${round}`;
      if (where === 'over a stale socket') await leaveStale(addressOf(address).path);
      const results = racers.map((racer) => told<string>(racer, 'result'));
      const at = Date.now() + 4;
      for (const racer of racers) racer.send({ address, at });
      expect((await Promise.all(results)).sort()).toEqual(['ERR_DYNOBOT_NAME_TAKEN', 'ERR_DYNOBOT_NAME_TAKEN', 'won']);
      await expect(dial(address)).resolves.toBeDefined();
      const stopped = racers.map((racer) => told(racer, 'stopped'));
      for (const racer of racers) racer.send('stop');
      await Promise.all(stopped);
      await expect(dial(address)).rejects.toThrow(failing('ERR_DYNOBOT_NO_HOST'));
    }
    expect(readdirSync(hostsDirectory())).toEqual(['ensure-directory.sock']);
  }, 60_000);

  it('have one winner within one process, too', async () => {
    await listening('ensure-directory');
    for (let round = 0; round < 20; round += 1) {
      await leaveStale(addressOf('bot').path);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => listen('bot', () => {})));
      const winners = results.filter((result) => result.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      winners[0]?.value.close();
    }
  });
});

describe('dial', () => {
  it('says that nobody hosts a name, how to change that, and who is there', async () => {
    await expect(dial('bot')).rejects.toThrow(failing('ERR_DYNOBOT_NO_HOST'));
    await listening('web');
    await expect(dial('bot')).rejects.toThrow(/Nobody hosts 'bot'.*dynobot host <module> --name bot.*Names here: web/);
  });

  it('says that nobody listens at a path', async () => {
    await expect(dial(join(runtime, 'x.sock'))).rejects.toThrow(failing('ERR_DYNOBOT_NO_HOST'));
  });

  it('says that a socket is stale', async () => {
    const path = join(runtime, 'stale.sock');
    await leaveStale(path);
    await expect(dial(path)).rejects.toThrow(failing('ERR_DYNOBOT_STALE_SOCKET'));
  });

  it('says that a file is no socket', async () => {
    writeFileSync(join(runtime, 'file'), '');
    await expect(dial(join(runtime, 'file'))).rejects.toThrow(failing('ERR_DYNOBOT_ADDRESS'));
  });
});

describe('the directory', () => {
  const unsafe = failing('ERR_DYNOBOT_UNSAFE_DIRECTORY');
  const refusedByAll = async (): Promise<void> => {
    await expect(listen('bot', () => {})).rejects.toThrow(unsafe);
    await expect(dial('bot')).rejects.toThrow(unsafe);
    expect(() => presentHosts()).toThrow(unsafe);
  };

  it.each([0o755, 0o770, 0o701, 0o777])('is refused when others can look or write into it (mode %o)', async (mode) => {
    mkdirSync(hostsDirectory());
    chmodSync(hostsDirectory(), mode);
    await refusedByAll();
  });

  it('is refused when it is a symbolic link, even to a private one', async () => {
    mkdirSync(join(runtime, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(runtime, 'elsewhere'), hostsDirectory());
    await refusedByAll();
  });

  it('is refused when it is a file', async () => {
    writeFileSync(hostsDirectory(), '');
    await refusedByAll();
  });

  it.runIf(process.getuid?.() === 0)('is refused when it is another user\'s', async () => {
    mkdirSync(hostsDirectory(), { mode: 0o700 });
    chownSync(hostsDirectory(), 12345, 12345);
    await refusedByAll();
  });

  it('is refused when others could replace it', async () => {
    mkdirSync(hostsDirectory(), { mode: 0o700 });
    chmodSync(runtime, 0o777);
    await refusedByAll();
    chmodSync(runtime, 0o1777);
    await listening('bot');
  });

  it('is asked for in vain where its parent is missing', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', join(runtime, 'missing'));
    await expect(listen('bot', () => {})).rejects.toThrow(unsafe);
    await expect(dial('bot')).rejects.toThrow(failing('ERR_DYNOBOT_NO_HOST'));
  });
});

describe('presentHosts', () => {
  it('lists names, stale ones too, and nothing else', async () => {
    expect(presentHosts()).toEqual([]);
    const { path } = await listening('bot');
    await leaveStale(addressOf('abandoned').path);
    writeFileSync(join(hostsDirectory(), 'notes.txt'), '');
    mkdirSync(join(hostsDirectory(), '.bot.sock.lock'));
    expect(presentHosts()).toEqual([{ name: 'abandoned', path: addressOf('abandoned').path }, { name: 'bot', path }]);
  });
});

describe('unref', () => {
  it.each(['unref', 'close'])('lets a client exit (%s)', async (how) => {
    await started('unix-host', 'bot');
    const client = start('idle-client', ['unix', 'bot', how]);
    children.push(client);
    client.channel?.unref();
    expect(await exitOf(client)).toBe(0);
  });

  it('is what it takes', async () => {
    await started('unix-host', 'bot');
    const client = start('idle-client', ['unix', 'bot', 'ref']);
    children.push(client);
    await delay(800);
    expect(client.exitCode).toBeNull();
  });

  it('lets a process exit that has a worker', async () => {
    const client = start('idle-client', ['worker', '', 'unref']);
    children.push(client);
    expect(await exitOf(client)).toBe(0);
  });
});
