import { Duplex } from 'node:stream';
import { DynobotError } from '../errors.js';
import { ipcTransport } from './ipc.js';
import type { IpcTarget } from './ipc.js';
import { portTransport } from './port.js';
import type { PortTarget } from './port.js';
import { SocketTransport } from './socket.js';
import type { Transport } from './transport.js';

/** Everything that a session can be held over. */
export type Target = IpcTarget | PortTarget | Duplex | Transport;

/** The transport for whatever leads to the other side. From here on what it carries of dynobot is the transport's. */
export function toTransport(target: Target, maxFrameBytes?: number): Transport {
  if (target instanceof Duplex) return overStream(target, maxFrameBytes);
  // Loaded here: to load them with dynobot would cost every process some milliseconds.
  const { ChildProcess } = process.getBuiltinModule('node:child_process');
  const { MessagePort, Worker } = process.getBuiltinModule('node:worker_threads');
  if (target === process || target instanceof ChildProcess) return overIpc(target as IpcTarget);
  if (target instanceof Worker || target instanceof MessagePort) return portTransport(target);
  if (isTransport(target)) return target;
  throw unfit('connect() takes the name of a host or the path of its socket; connect() and attach() take a forked ChildProcess, process, a Worker, a MessagePort, a Duplex stream or a Transport');
}

function overIpc(target: IpcTarget): Transport {
  if (typeof target.send === 'function') return ipcTransport(target);
  const remedy = "start it with fork(), or with 'ipc' in spawn's stdio";
  throw unfit(`${target === process ? 'this process' : `process ${target.pid}`} has no IPC channel: ${remedy}`);
}

function overStream(stream: Duplex, maxFrameBytes: number | undefined): Transport {
  const carriesBytes = !stream.readableObjectMode && !stream.writableObjectMode && stream.readableEncoding === null;
  if (carriesBytes) return new SocketTransport(stream, { maxFrameBytes });
  throw unfit('a stream must carry bytes: no object mode, no encoding');
}

function isTransport(target: unknown): target is Transport {
  if (typeof target !== 'object' || target === null) return false;
  const members = target as Partial<Record<keyof Transport, unknown>>;
  return (['open', 'send', 'close', 'destroy', 'ref', 'unref'] as const).every((name) => typeof members[name] === 'function');
}

function unfit(message: string): DynobotError {
  return new DynobotError('ERR_DYNOBOT_ARGUMENT', message);
}
