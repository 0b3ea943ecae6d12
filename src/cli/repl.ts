import { once } from 'node:events';
import type { Connection } from '../index.js';
import { EXIT } from './failure.js';
import { colors, print, remark } from './output.js';
import { atTerminal, overPipe } from './prompt.js';
import { lost, serviceOf, withHost, type HostOption } from './session.js';

/** `dynobot repl`: services as variables at a prompt that awaits what they answer. */
export async function repl(names: string[], options: HostOption): Promise<void> {
  await withHost('repl', { ...options, services: names }, async (connection) => {
    const chosen = names.length > 0 ? names : Object.keys(connection.services);
    const services = Object.fromEntries(chosen.map((name) => [name, serviceOf(connection, name)]));
    const variables = withoutGlobals({ ...services, connection });
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
    if (isTerminal) greet(connection, chosen);
    const server = isTerminal ? await atTerminal(`${connection.host}> `) : overPipe(() => (process.exitCode = EXIT.failed));
    for (const [name, value] of Object.entries(variables)) Object.defineProperty(server.context, name, { value, writable: true, configurable: true });
    await Promise.race([once(server, 'exit'), lost(connection)]).finally(() => server.close());
  });
}

function greet({ host }: Connection, services: string[]): void {
  const { bold, dim } = colors(process.stdout);
  print(`${services.map((name) => bold(name)).join(', ')} of ${host}. ${dim('Results are awaited; Tab completes members; .exit or Ctrl-D leaves.')}`);
}

/** What the program itself needs is not hidden by a service of that name. */
function withoutGlobals(variables: Record<string, unknown>): Record<string, unknown> {
  const taken = Object.keys(variables).filter((name) => name in globalThis);
  for (const name of taken) remark(`${name} is connection.services[${JSON.stringify(name)}] here, since there is a global of that name`);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !taken.includes(name)));
}
