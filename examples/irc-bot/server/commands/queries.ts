import type { Network } from '../network.js';
import type { User } from '../user.js';
import type { Commands } from './command.js';

/** Asking who is there. */
export const queries: Commands = {
  WHO: { needs: 1, run: who },
  WHOIS: { needs: 1, run: whois },
};

function who(network: Network, user: User, [mask = '']: readonly string[]): void {
  const channel = network.channel(mask);
  const found = channel?.members ?? [network.user(mask)].filter((one) => one !== undefined);
  for (const one of found) {
    const flags = `H${channel?.prefix(one) ?? ''}`;
    network.reply(user, '352', channel?.name ?? '*', one.username, one.host, network.name, one.nick, flags, `0 ${one.realName}`);
  }
  network.reply(user, '315', mask, 'End of WHO list');
}

function whois(network: Network, user: User, params: readonly string[]): void {
  // With two parameters the first names a server to ask.
  const nick = params.at(-1) ?? '';
  const one = network.user(nick);
  if (one === undefined) network.reply(user, '401', nick, 'No such nick or channel');
  else {
    const channels = [...one.channels].map((channel) => channel.prefix(one) + channel.name);
    network.reply(user, '311', one.nick, one.username, one.host, '*', one.realName);
    if (channels.length > 0) network.reply(user, '319', one.nick, channels.join(' '));
    network.reply(user, '312', one.nick, network.name, 'A small IRC server');
  }
  network.reply(user, '318', nick, 'End of WHOIS list');
}
