import type { HostReport, ListenerCount, SessionReport } from '../index.js';
import { roleRows } from './inspect-roles.js';
import { colors, columns, count, duration, print, printable } from './output.js';
import { nameOf, withHost } from './session.js';

/** `dynobot inspect`: all that a host shows of itself, but for the session that asks. */
export async function inspect(host: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  await withHost('inspect', { host: host ?? process.env['DYNOBOT_HOST'] }, async (connection) => {
    const report = withoutOurs(await connection.inspect(), 'inspect');
    print(json ? JSON.stringify(report) : describe(report));
  });
}

/** The report without the session of this process, which is gone when it is read. */
export function withoutOurs(report: HostReport, command: string): HostReport {
  const isOurs = ({ pid, client }: SessionReport): boolean => pid === process.pid && client === nameOf(command);
  return { ...report, sessions: report.sessions.filter((session) => !isOurs(session)) };
}

function describe({ name, pid, age, services, sessions, roles }: HostReport): string {
  const { bold } = colors(process.stdout);
  return [
    `${bold(name)}  process ${pid}, up ${duration(age)}`,
    section('Services', services.map((service) => [service.name, service.class])),
    section('Sessions', sessions.map(sessionRow)),
    ...(roles.length === 0 ? [] : [section('Roles', roles.flatMap(roleRows))]),
    section('Listeners', byEvent(sessions).map(([key, { total, by }]) => [key, String(total), by.join(', ')])),
  ].join('\n');
}

function section(title: string, rows: readonly string[][]): string {
  const { dim } = colors(process.stdout);
  if (rows.length === 0) return `${dim(title)}\n  none`;
  return `${dim(title)}\n${columns(rows).replace(/^/gm, '  ')}`;
}

function sessionRow({ id, client, pid, age, exports, imports, calls, answers, listeners }: SessionReport): string[] {
  return [
    String(id), `${printable(client)}[${pid}]`, duration(age), count(listeners, 'listener'),
    `holds ${count(exports, 'reference')}, lends ${imports}`,
    `${count(answers, 'pending call')} to the host, ${calls} from it`,
  ];
}

/** For each event of each object: how many listen, and for which sessions. */
function byEvent(sessions: readonly SessionReport[]): [key: string, { total: number; by: string[] }][] {
  const events = new Map<string, { total: number; by: string[] }>();
  for (const session of sessions) for (const listeners of session.attached) add(events, session, listeners);
  return [...events].sort(([a], [b]) => (a < b ? -1 : 1));
}

function add(events: Map<string, { total: number; by: string[] }>, { id, client }: SessionReport, { on, event, count }: ListenerCount): void {
  const key = printable(`${on} ${event}`);
  const known = events.get(key) ?? { total: 0, by: [] };
  known.total += count;
  known.by.push(`${printable(client)} (${id}): ${count}`);
  events.set(key, known);
}
