/** What the processes of the example must agree on, from the environment. */
const { env } = process;

/** The name under which the host is found. */
export const hostName = env['IRC_BOT_HOST'] ?? 'irc-bot';
export const nick = env['IRC_NICK'] ?? 'dynobot';
export const channel = env['IRC_CHANNEL'] ?? '#dynobot';
export const server = parseServer(env['IRC_SERVER'] ?? '127.0.0.1:6667');
/** Of the bot: so that the demo can tell the new code from the old. */
export const version = env['BOT_VERSION'] ?? '1';

export function parseServer(address: string): { host: string; port: number; tls: boolean } {
  const { host, port = '6667' } = /^\[?(?<host>.+?)\]?(?::(?<port>\d+))?$/.exec(address)?.groups ?? {};
  if (host === undefined) throw new Error(`"${address}" is not host:port`);
  return { host, port: Number(port), tls: port === '6697' };
}
