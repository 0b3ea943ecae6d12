import { checkOptions } from '../check-options.js';
import { DynobotError } from '../errors.js';
import { checkPolicy } from '../peer/check-policy.js';
import type { Host, HostOptions } from './host.js';

/**
 * Publishes objects to other processes, and keeps them from noticing what becomes of their users.
 *
 * @param services name -> object, function or class. All cross by reference
 * @param options `name`: a unix socket (a named pipe on Windows) of this user alone
 * @throws DynobotError ERR_DYNOBOT_NAME_TAKEN, ERR_DYNOBOT_ADDRESS, ERR_DYNOBOT_UNSAFE_DIRECTORY,
 *   ERR_DYNOBOT_ARGUMENT if a service is not an object or a function, an option is not known, or a path in `reach` cannot be one
 * @example
 * const bot = await host({ irc }, { name: 'bot' });
 * bot.on('disconnect', ({ session, cleaned }) => console.log(session.client, cleaned));
 */
export async function host(services: Readonly<Record<string, object>>, options: HostOptions = {}): Promise<Host> {
  checkOptions('host()', options);
  if (typeof services !== 'object' || services === null) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', 'host() takes an object of services: host({ irc })');
  const { name, reach = {} } = options;
  for (const [restricted, policy] of Object.entries(reach)) {
    if (!Object.hasOwn(services, restricted)) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `host(): reach names ${restricted}, which is no service`);
    if (policy !== undefined) checkPolicy(`host(), the reach of ${restricted}`, policy);
  }
  // Most processes are clients: what only a host needs is read where there is one.
  const { Host } = await import('./host.js');
  const made = new Host(options);
  for (const [service, value] of Object.entries(services)) made.publish(service, value, reach[service]);
  if (name !== undefined) await made.listen(name);
  return made;
}
