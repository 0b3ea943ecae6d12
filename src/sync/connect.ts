import { MessagePort } from 'node:worker_threads';
import { checkOptions } from '../check-options.js';
import { hostOfEnvironment } from '../connection/connect.js';
import { DynobotError } from '../errors.js';
import { LIMITS } from '../limits.js';
import { SyncConnection, type ConnectSyncOptions } from './connection.js';
import { Line } from './line.js';
import { PortLine } from './port-line.js';

/**
 * Connects to a host, and hands out its services as they are there: T itself, not Remote<T>. Properties read as values,
 * methods return values, exceptions are thrown. This thread stands still while the host answers; the host never does.
 *
 * @param target the host's name, the path of its socket, or in a Worker its `parentPort`. By default what DYNOBOT_HOST in
 *   the environment says, which `dynobot run` sets
 * @throws DynobotError as `connect()`: ERR_DYNOBOT_NO_HOST, ERR_DYNOBOT_STALE_SOCKET, ERR_DYNOBOT_VERSION,
 *   ERR_DYNOBOT_TIMEOUT, ERR_DYNOBOT_DISCONNECTED, ERR_DYNOBOT_ADDRESS, ERR_DYNOBOT_ARGUMENT
 * @example
 * const { irc } = connectSync<{ irc: Client }>('bot').services;
 * if (irc.user.nick === 'bob') irc.say('#chan', 'hi');
 */
export function connectSync<S = Record<string, unknown>>(target: string | MessagePort = hostOfEnvironment('connectSync()'), options: ConnectSyncOptions = {}): SyncConnection<S> {
  checkOptions('connectSync()', options);
  const { frame: maxFrameBytes = LIMITS.frame, handshake: timeout = LIMITS.handshake } = options.limits ?? {};
  if (typeof target === 'string') return new SyncConnection<S>(new Line(target, { maxFrameBytes, timeout }), options);
  if (target instanceof MessagePort) return new SyncConnection<S>(new PortLine(target), options);
  throw new DynobotError('ERR_DYNOBOT_ARGUMENT', 'connectSync() takes the name or path of a host, or in a Worker its parentPort');
}
