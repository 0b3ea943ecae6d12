import { chmodSync, lstatSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { dirname, join, sep } from 'node:path';
import { DynobotError } from '../errors.js';
import { addressOf, fitting } from './address.js';
import type { Address } from './address.js';
import { claim, nameTaken } from './claim.js';
import { ensurePrivateDirectory } from './directory.js';
import { SocketTransport } from './socket.js';
import type { StreamOptions } from './socket.js';
import { codeOf } from './system-error.js';
import type { Transport } from './transport.js';

/** A host's open door. Sessions that came through it are not its own: they outlive it. */
export interface Listener {
  /** For people: `unix:/run/user/1000/dynobot-1000/bot.sock`. */
  readonly name: string;
  readonly path: string;
  /** No more connections, and the socket file is gone when it returns. More than once is fine. */
  close(): void;
  ref(): void;
  unref(): void;
}

/** Listens at a name or path; `onConnection` gets a transport for each client. Clients of other users cannot connect. */
export async function listen(address: string, onConnection: (transport: Transport) => void, options: StreamOptions = {}): Promise<Listener> {
  const { name, path } = addressOf(address);
  const server = createServer((socket) => onConnection(new SocketTransport(socket, { ...options, name: `unix:${path}`, isPrivate: process.platform !== 'win32' })));
  if (process.platform === 'win32') await bindPipe(server, path);
  else await bindSocket(server, { name, path });
  // A client that could not be accepted, for want of descriptors, has failed; the host has not.
  server.on('error', () => {});
  return listener(server, path);
}

async function bindPipe(server: Server, path: string): Promise<void> {
  await bind(server, path).catch((error: unknown) => {
    throw codeOf(error) === 'EADDRINUSE' ? nameTaken(path) : cannotListen(path, error);
  });
}

async function bindSocket(server: Server, { name, path }: Address): Promise<void> {
  if (name !== undefined) ensurePrivateDirectory(dirname(path));
  try {
    await bindOutOfSight(server, path);
  } catch (error) {
    server.close();
    throw error instanceof DynobotError ? error : cannotListen(path, error);
  }
}

/**
 * Binds in a directory that nobody else can enter, and moves the socket to its place when it has its final mode and
 * accepts connections. Nor would libuv, which unlinks the path it has bound when it closes, ever remove a successor's.
 */
async function bindOutOfSight(server: Server, path: string): Promise<void> {
  const hidden = mkdtempSync(dirname(path) + sep + '.');
  try {
    const bound = fitting(join(hidden, 's'));
    await bind(server, bound);
    chmodSync(bound, 0o600);
    await claim(bound, path);
  } finally {
    rmSync(hidden, { recursive: true });
  }
}

async function bind(server: Server, path: string): Promise<void> {
  server.listen({ path, exclusive: true });
  await once(server, 'listening');
}

/** Those whose files are still there. */
const open = new Set<Listener>();

/** An exit, also by an error that nobody has caught, leaves no file that looks like a killed host's. */
const closeAll = (): void => open.forEach((listener) => listener.close());

function listener(server: Server, path: string): Listener {
  const own = fileAt(path);
  const made: Listener = {
    name: `unix:${path}`,
    path,
    close() {
      open.delete(made);
      if (open.size === 0) process.off('exit', closeAll);
      // In this order: as long as the server accepts, nobody takes its file for stale and replaces it.
      if (server.listening && isSame(fileAt(path), own)) unlinkSync(path);
      server.close();
    },
    ref: () => void server.ref(),
    unref: () => void server.unref(),
  };
  if (open.size === 0) process.on('exit', closeAll);
  open.add(made);
  return made;
}

/** The file's number is not used again while our socket is bound to it. Pipes have no file. */
function fileAt(path: string): BigIntStats | undefined {
  return process.platform === 'win32' ? undefined : lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function isSame(a: BigIntStats | undefined, b: BigIntStats | undefined): boolean {
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function cannotListen(path: string, cause: unknown): DynobotError {
  return new DynobotError('ERR_DYNOBOT_ADDRESS', `Cannot listen at ${path}: ${codeOf(cause) ?? cause}`, { cause });
}
