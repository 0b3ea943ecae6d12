import { checkOptions } from './check-options.js';
import { Connection, type ConnectOptions } from './connection.js';
import { DynobotError } from './errors.js';
import { LIMITS } from './limits.js';
import { stage } from './loaded.js';
import { dial } from './transports/dial.js';
import { toTransport, type Target } from './transports/target.js';

/**
 * Connects to a host.
 *
 * @param target the host's name, the path of its socket, or what leads to it: a ChildProcess or `process` (IPC), a
 *   Worker, `parentPort` or MessagePort, a Duplex, a Transport. By default what DYNOBOT_HOST in the environment says,
 *   which `dynobot run` sets
 * @returns the connection, when the host has greeted and its services are here
 * @throws DynobotError ERR_DYNOBOT_NO_HOST, ERR_DYNOBOT_STALE_SOCKET, ERR_DYNOBOT_VERSION, ERR_DYNOBOT_TIMEOUT (no greeting
 *   within `limits.handshake`), ERR_DYNOBOT_DISCONNECTED, ERR_DYNOBOT_ADDRESS, ERR_DYNOBOT_ARGUMENT
 * @example
 * const connection = await connect<{ irc: Client }>('bot');
 * const { irc } = connection.services;
 * irc.on('message', (event) => event.reply('hello'));
 */
export async function connect<S = Record<string, unknown>>(target: string | Target = hostOfEnvironment(), options: ConnectOptions = {}): Promise<Connection<S>> {
  checkOptions('connect()', options);
  const transport = typeof target === 'string' ? await dial(target, { maxFrameBytes: options.limits?.frame ?? LIMITS.frame }) : toTransport(target);
  const connection = await new Connection<S>(transport, options).open();
  if (connection.role !== undefined) stage(connection);
  return connection;
}

function hostOfEnvironment(): string {
  const host = process.env['DYNOBOT_HOST'];
  if (host) return host;
  throw new DynobotError('ERR_DYNOBOT_ADDRESS', 'connect() without an address takes it from DYNOBOT_HOST, which is not set. Name the host, or start the script with: dynobot run <script> --host <name>');
}
