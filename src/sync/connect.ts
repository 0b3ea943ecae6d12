import { MessagePort } from 'node:worker_threads';
import { checkOptions } from '../check-options.js';
import { runnerHook } from '../connection/loaded.js';
import { hostOfEnvironment } from '../connection/connect.js';
import { DynobotError } from '../errors.js';
import { LIMITS, longestFrame } from '../limits.js';
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
 *   ERR_DYNOBOT_LIMIT_HANDSHAKE, ERR_DYNOBOT_DISCONNECTED, ERR_DYNOBOT_ADDRESS, ERR_DYNOBOT_ARGUMENT; and ERR_DYNOBOT_ROLE in a
 *   process that was started to take turns in a role, which a client that blocks does not, unless `role: undefined` says so
 * @example
 * const { irc } = connectSync<{ irc: Client }>('bot').services;
 * if (irc.user.nick === 'bob') irc.say('#chan', 'hi');
 */
export function connectSync<S = Record<string, unknown>>(target: string | MessagePort = hostOfEnvironment('connectSync()'), options: ConnectSyncOptions = {}): SyncConnection<S> {
  if (options.role !== undefined) throw noTurns(`the role ${String(options.role)}`);
  checkOptions('connectSync()', options);
  const role = runnerHook()?.role ?? process.env['DYNOBOT_ROLE'];
  if (role && !('role' in options)) throw noTurns(`this process was started for the role ${role}: two versions of it would hear the same events`);
  const { frame, handshake: timeout = LIMITS.handshake } = options.limits ?? {};
  if (typeof target === 'string') return new SyncConnection<S>(new Line(target, { maxFrameBytes: longestFrame(frame), timeout }), options);
  if (target instanceof MessagePort) return new SyncConnection<S>(new PortLine(target), options);
  throw new DynobotError('ERR_DYNOBOT_ARGUMENT', 'connectSync() takes the name or path of a host, or in a Worker its parentPort');
}

function noTurns(why: string): DynobotError {
  return new DynobotError('ERR_DYNOBOT_ROLE', `connectSync() takes no turns in a role (${why}). Use connect(), run the script without --watch, --role and --instances, or say connectSync(address, { role: undefined })`);
}
