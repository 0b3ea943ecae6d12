import { DynobotError, type HostReport } from '../index.js';
import { removeDead } from '../transports/claim.js';
import { presentHosts, type PresentHost } from '../transports/hosts.js';
import { withoutOurs } from './inspect.js';
import { colors, columns, count, duration, print, remark } from './output.js';
import { open, PATIENCE } from './session.js';

interface Listed {
  name: string;
  path: string;
  state: 'live' | 'stale' | 'silent' | 'removed';
  report?: HostReport;
}

/** `dynobot ls`: the hosts of this user, and the sockets of those that have died, which `prune` removes. */
export async function ls({ json = false, prune = false }: { json?: boolean; prune?: boolean }): Promise<void> {
  const hosts = await Promise.all(presentHosts().map(look));
  const present = hosts.filter((host) => host !== undefined);
  const found = prune ? await Promise.all(present.map(pruned)) : present;
  if (json) print(JSON.stringify(found.map(toRecord)));
  else print(found.length === 0 ? 'No hosts.' : table(found));
  const stale = found.filter(({ state }) => state === 'stale').length;
  if (stale > 0 && !json) remark(`${count(stale, 'stale socket')}: dynobot ls --prune removes ${stale === 1 ? 'it' : 'them'}`);
}

async function look({ name, path }: PresentHost): Promise<Listed | undefined> {
  try {
    await using connection = await open('ls', name, { timeout: PATIENCE, limits: { handshake: PATIENCE } });
    return { name, path, state: 'live', report: withoutOurs(await connection.inspect(), 'ls') };
  } catch (error) {
    if (!(error instanceof DynobotError)) throw error;
    if (error.code === 'ERR_DYNOBOT_NO_HOST') return undefined; // It has closed since the directory was read.
    return { name, path, state: error.code === 'ERR_DYNOBOT_STALE_SOCKET' ? 'stale' : 'silent' };
  }
}

async function pruned(host: Listed): Promise<Listed> {
  return host.state === 'stale' && (await removeDead(host.path)) ? { ...host, state: 'removed' } : host;
}

function toRecord({ report, ...host }: Listed): object {
  if (report === undefined) return host;
  const { pid, age, services, sessions } = report;
  return { ...host, pid, age, services: services.map(({ name }) => name), sessions: sessions.length };
}

function table(hosts: readonly Listed[]): string {
  const { dim } = colors(process.stdout);
  const head = ['NAME', 'PID', 'AGE', 'SESSIONS', 'SERVICES'].map((title) => dim(title));
  return columns([head, ...hosts.map(row)]);
}

function row({ name, path, state, report }: Listed): string[] {
  const { bold, yellow } = colors(process.stdout);
  if (state === 'stale') return [name, '-', '-', '-', yellow(`stale: its host has died; ${path} is left`)];
  if (state === 'removed') return [name, '-', '-', '-', yellow(`stale: its host has died; ${path} is removed`)];
  if (report === undefined) return [name, '-', '-', '-', yellow('silent: it does not answer, or speaks another version')];
  const services = report.services.map((service) => service.name).join(', ');
  return [bold(name), String(report.pid), duration(report.age), String(report.sessions.length), services];
}
