import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import type { OnReadOpts, Socket } from 'node:net';
import { dirname } from 'node:path';
import { disconnected, DynobotError } from '../errors.js';
import { addressOf } from './address.js';
import type { Address } from './address.js';
import { checkPrivateDirectory } from './directory.js';
import { SocketTransport } from './socket.js';
import type { StreamOptions } from './socket.js';
import { codeOf } from './system-error.js';
import type { Transport } from './transport.js';

/** Connects to the host at a name or path. */
export async function dial(address: string, options: StreamOptions = {}): Promise<Transport> {
  const { socket, name } = await dialSocket(address);
  return new SocketTransport(socket, { ...options, name, isPrivate: process.platform !== 'win32' });
}

/** The same without a transport: the socket, and what it is called. `onread` gets what arrives, instead of 'data' events. */
export async function dialSocket(address: string, onread?: OnReadOpts): Promise<{ socket: Socket; name: string }> {
  const found = addressOf(address);
  if (found.name !== undefined && process.platform !== 'win32') checkPrivateDirectory(dirname(found.path));
  try {
    return { socket: await connected(found.path, onread), name: `unix:${found.path}` };
  } catch (error) {
    throw await explained(error, found);
  }
}

function connected(path: string, onread?: OnReadOpts): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, ...(onread && { onread }) });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

async function explained(cause: unknown, { name, path }: Address): Promise<DynobotError> {
  const code = codeOf(cause);
  const options = { cause };
  if (code === 'ENOENT') return new DynobotError('ERR_DYNOBOT_NO_HOST', await noHost(name, path), options);
  if (code === 'ECONNREFUSED' && isSocket(path)) return new DynobotError('ERR_DYNOBOT_STALE_SOCKET', stale(path), options);
  // Linux says so when the queue of connections that the host has not accepted yet is full.
  if (code === 'EAGAIN') return disconnected(`The host at ${path} is too busy to accept connections. Try again.`, cause);
  if (code === 'ECONNRESET' || code === 'EPIPE') return disconnected(`The host at ${path} is closing, or has been killed.`, cause);
  return new DynobotError('ERR_DYNOBOT_ADDRESS', `Cannot connect to ${path}: ${code ?? cause}`, options);
}

async function noHost(name: string | undefined, path: string): Promise<string> {
  if (name === undefined) return `No host listens at ${path}. Start it, or check the path.`;
  const { describeOthers } = await import('./others.js');
  return `Nobody hosts '${name}' (${path}). Start it, for example with: dynobot host <module> --name ${name}. ${await describeOthers()}.`;
}

function stale(path: string): string {
  return `The host at ${path} has gone without removing its socket. Start it again; it will replace the file.`;
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}
