import { connect, DynobotError, type Connection, type ConnectOptions } from '../index.js';
import { presentHosts } from '../transports/hosts.js';
import { fail, Failure, UsageError } from './failure.js';

export interface HostOption {
  /** A name or path; without one the only live host is meant. */
  host?: string | undefined;
}

/** Which of several live hosts is meant, if none is named: the one that has all these services. */
interface Wanted {
  services: readonly string[];
}

/** Milliseconds within which a live host greets and answers, unless it is stopped or busy. */
export const PATIENCE = 2000;

type Limited = Pick<ConnectOptions, 'timeout' | 'limits'>;

/** Connects, does `work`, and leaves again. */
export async function withHost(command: string, { host, services = [] }: HostOption & Partial<Wanted>, work: (connection: Connection) => Promise<void>, limits: Limited = {}): Promise<void> {
  await using connection = host ? await open(command, host, limits) : await openOnly(command, { services }, limits);
  await work(connection);
}

/** A connection whose loss is told to those who wait for something, and nobody else. */
export async function open(command: string, host: string, limits: Limited = {}): Promise<Connection> {
  const connection = await connect(host, { ...limits, reconnect: false, role: undefined, name: nameOf(command) });
  return connection.on('close', () => {}).on('error', fail);
}

/** What a command's session is called in the host's reports. */
export function nameOf(command: string): string {
  return `dynobot ${command}`;
}

/** What the only live host is called; undefined if there is none, or if there are several. */
export async function onlyLive(command: string): Promise<string | undefined> {
  const live = await openAll(command, {});
  await Promise.all(live.map((connection) => connection.close()));
  return live.length === 1 ? live[0]!.host : undefined;
}

async function openAll(command: string, limits: Limited): Promise<Connection[]> {
  const attempts = await Promise.allSettled(presentHosts().map(({ name }) => open(command, name, { ...limits, limits: { handshake: PATIENCE } })));
  return attempts.filter((attempt) => attempt.status === 'fulfilled').map(({ value }) => value);
}

async function openOnly(command: string, { services }: Wanted, limits: Limited): Promise<Connection> {
  const live = await openAll(command, limits);
  const meant = live.length > 1 ? live.filter((connection) => hasAll(connection, services)) : live;
  const chosen = meant.length === 1 ? meant[0] : undefined;
  await Promise.all(live.filter((connection) => connection !== chosen).map((connection) => connection.close()));
  if (chosen !== undefined) return chosen;
  throw live.length === 0 ? noneLive() : ambiguous(live, meant, services);
}

function hasAll(connection: Connection, services: readonly string[]): boolean {
  const names = Object.keys(connection.services);
  return services.every((service) => names.includes(service));
}

function noneLive(): DynobotError {
  return new DynobotError('ERR_DYNOBOT_NO_HOST', 'No host is live here. Start one, for example with: dynobot host <module>');
}

function ambiguous(live: readonly Connection[], meant: readonly Connection[], services: readonly string[]): Error {
  const names = (connections: readonly Connection[]): string => connections.map(({ host }) => host).join(', ');
  if (meant.length === 0) return new Failure(`None of the live hosts (${names(live)}) has ${services.map((service) => JSON.stringify(service)).join(' and ')}`);
  return new UsageError(`Several hosts are live: ${names(meant)}. Choose one with --host or DYNOBOT_HOST.`);
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
