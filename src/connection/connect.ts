import { checkOptions } from '../check-options.js';
import { Connection, type Way } from './connection.js';
import { RECONNECT, type ConnectOptions } from './options.js';
import { DynobotError } from '../errors.js';
import { longestFrame } from '../limits.js';
import { runnerHook, stage } from './loaded.js';
import { dial } from '../transports/dial.js';
import { toTransport, type Target } from '../transports/target.js';

/**
 * Connects to a host.
 *
 * @param target the host's name, the path of its socket, or what leads to it: a ChildProcess or `process` (IPC), a
 *   Worker, `parentPort` or MessagePort, a Duplex, a Transport. By default what DYNOBOT_HOST in the environment says,
 *   which `dynobot run` sets
 * @returns the connection, when the host has greeted and its services are here
 * @throws DynobotError ERR_DYNOBOT_NO_HOST, ERR_DYNOBOT_STALE_SOCKET, ERR_DYNOBOT_VERSION, ERR_DYNOBOT_LIMIT_HANDSHAKE (no
 *   greeting within `limits.handshake`), ERR_DYNOBOT_DISCONNECTED, ERR_DYNOBOT_ADDRESS, ERR_DYNOBOT_ARGUMENT
 * @example
 * const connection = await connect<{ irc: Client }>('bot');
 * const { irc } = connection.services;
 * irc.on('message', (event) => event.reply('hello'));
 */
export function connect<S = Record<string, unknown>>(target?: string | Target, options: ConnectOptions = {}): Promise<Connection<S>> {
  // A promise of its own: whoever waits for it does not take a failure for seen.
  let settle = (): void => {};
  runnerHook()?.opening(new Promise<void>((settled) => (settle = settled)));
  return open<S>(target, options).finally(() => settle());
}

async function open<S>(target: string | Target = hostOfEnvironment('connect()'), options: ConnectOptions): Promise<Connection<S>> {
  checkOptions('connect()', options);
  const connection = await new Connection<S>(wayTo(target, options), inTurn(target, options)).open();
  if (connection.role !== undefined) {
    staffed.add(target);
    connection.once('close', () => staffed.delete(target));
    stage(connection);
  }
  return connection;
}

const NO_INSTANCE = 'connect(): the option instance is a place in a role, and there is no role. Give the option role, too, or start the script with: dynobot run --role';

/** What the role of this process has been given to. */
const staffed = new Set<string | Target>();

/** With the role that this process was started for, unless the options say otherwise, or another connection has it. */
function inTurn(target: string | Target, options: ConnectOptions): ConnectOptions {
  const { DYNOBOT_ROLE: role, DYNOBOT_INSTANCE: instance } = process.env;
  const given = runnerHook() ?? { role, instance };
  if (options.role !== undefined) return { instance: given.instance, ...options };
  if (options.instance !== undefined && ('role' in options || !given.role)) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', NO_INSTANCE);
  if ('role' in options || !given.role || staffed.has(target)) return options;
  return { ...options, role: given.role, instance: options.instance ?? given.instance };
}

function wayTo(target: string | Target, { limits, reconnect }: ConnectOptions): Way {
  if (typeof target === 'string') {
    return { transport: () => dial(target, { maxFrameBytes: longestFrame(limits?.frame) }), patience: reconnect === false ? 0 : (reconnect ?? RECONNECT) };
  }
  if (!reconnect) return { transport: () => toTransport(target, longestFrame(limits?.frame)), patience: 0 };
  throw new DynobotError('ERR_DYNOBOT_ARGUMENT', 'connect(): only a name or a path can be connected to again; for any other target, reconnect must be false');
}

/** @throws DynobotError ERR_DYNOBOT_ADDRESS if the environment names none */
export function hostOfEnvironment(caller: string): string {
  const host = process.env['DYNOBOT_HOST'];
  if (host) return host;
  throw new DynobotError('ERR_DYNOBOT_ADDRESS', `${caller} without an address takes it from DYNOBOT_HOST, which is not set. Name the host, or start the script with: dynobot run <script> --host <name>`);
}
