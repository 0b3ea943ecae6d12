import { connect, DynobotError, type Connection, type ConnectOptions } from '../index.js';
import { presentHosts } from '../transports/hosts.js';
import { fail, UsageError } from './failure.js';

export interface HostOption {
  /** A name or path; without one the only live host is meant. */
  host?: string | undefined;
}

/** Milliseconds within which a live host greets and answers, unless it is stopped or busy. */
export const PATIENCE = 2000;

type Limited = Pick<ConnectOptions, 'timeout' | 'limits'>;

/** Connects, does `work`, and leaves again. */
export async function withHost(command: string, { host }: HostOption, work: (connection: Connection) => Promise<void>, limits: Limited = {}): Promise<void> {
  await using connection = host ? await open(command, host, limits) : await openOnly(command, limits);
  await work(connection);
}

/** A connection whose loss is told to those who wait for something, and nobody else. */
export async function open(command: string, host: string, limits: Limited = {}): Promise<Connection> {
  const connection = await connect(host, { ...limits, name: nameOf(command) });
  return connection.on('close', () => {}).on('error', fail);
}

/** What a command's session is called in the host's reports. */
export function nameOf(command: string): string {
  return `dynobot ${command}`;
}

async function openOnly(command: string, limits: Limited): Promise<Connection> {
  const attempts = await Promise.allSettled(presentHosts().map(({ name }) => open(command, name, { ...limits, limits: { handshake: PATIENCE } })));
  const live = attempts.filter((attempt) => attempt.status === 'fulfilled').map(({ value }) => value);
  const [only, ...others] = live;
  if (only !== undefined && others.length === 0) return only;
  await Promise.all(live.map((connection) => connection.close()));
  if (only === undefined) throw new DynobotError('ERR_DYNOBOT_NO_HOST', 'No host is live here. Start one, for example with: dynobot host <module>');
  throw new UsageError(`Several hosts are live: ${live.map(({ host }) => host).join(', ')}. Choose one with --host or DYNOBOT_HOST.`);
}

/** @throws DynobotError ERR_DYNOBOT_NO_SERVICE */
export function serviceOf(connection: Connection, name: string): object {
  const service = connection.services[name];
  if (service === undefined) throw new DynobotError('ERR_DYNOBOT_NO_SERVICE', `${connection.host} has no service ${JSON.stringify(name)}`);
  return service as object;
}

/** Rejects when the session ends without our doing. */
export function lost(connection: Connection): Promise<never> {
  const { host } = connection;
  return new Promise((_, reject) => {
    connection.once('close', (reason) => reject(reason ?? new DynobotError('ERR_DYNOBOT_DISCONNECTED', `${host} has closed`)));
  });
}

/** Resolves when the user has had enough. A second signal kills, as ever. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
