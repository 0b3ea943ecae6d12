import type { Channel } from '../channel.js';
import type { Network } from '../network.js';
import type { User } from '../user.js';

/** MODE, which asks for or changes the modes of a channel or of oneself. */
export function mode(network: Network, user: User, [target = '', change, ...args]: readonly string[]): void {
  const channel = network.channel(target);
  if (channel !== undefined) return channelMode(network, user, channel, change, args);
  const owner = network.user(target);
  if (owner === undefined) return network.reply(user, '401', target, 'No such nick or channel');
  if (owner !== user) return network.reply(user, '502', "Can't change mode for other users");
  userMode(network, user, change);
}

function userMode(network: Network, user: User, change: string | undefined): void {
  if (change === undefined) return network.reply(user, '221', `+${[...user.modes].join('')}`);
  for (const { adds, letter } of letters(change)) {
    if (letter !== 'i') network.reply(user, '501', 'Unknown mode flag');
    else set(user.modes, letter, adds);
  }
  user.send(user.mask, 'MODE', user.nick, change);
}

function channelMode(network: Network, user: User, channel: Channel, change: string | undefined, args: readonly string[]): void {
  if (change === undefined) return network.reply(user, '324', channel.name, `+${[...channel.modes].join('')}`);
  if (/^\+?b$/.test(change) && args.length === 0) return network.reply(user, '368', channel.name, 'End of ban list');
  if (!channel.operators.has(user)) return network.reply(user, '482', channel.name, "You're not channel operator");
  const rest = [...args];
  for (const { adds, letter } of letters(change)) {
    const sign = adds ? '+' : '-';
    if (letter === 'o') makeOperator(network, user, channel, adds, rest.shift());
    else if (letter !== 'n' && letter !== 't') network.reply(user, '472', letter, 'is unknown mode char to me');
    else {
      set(channel.modes, letter, adds);
      channel.send(user.mask, 'MODE', channel.name, sign + letter);
    }
  }
}

function makeOperator(network: Network, user: User, channel: Channel, adds: boolean, nick: string | undefined): void {
  const member = nick === undefined ? undefined : network.user(nick);
  if (member === undefined || !channel.members.has(member)) {
    return network.reply(user, '441', nick ?? '*', channel.name, "They aren't on that channel");
  }
  set(channel.operators, member, adds);
  channel.send(user.mask, 'MODE', channel.name, adds ? '+o' : '-o', member.nick);
}

/** `+nt-o` as n and t to add, o to take away. */
function* letters(change: string): Generator<{ adds: boolean; letter: string }> {
  let adds = true;
  for (const letter of change) {
    if (letter === '+' || letter === '-') adds = letter === '+';
    else yield { adds, letter };
  }
}

function set<T>(values: Set<T>, value: T, adds: boolean): void {
  if (adds) values.add(value);
  else values.delete(value);
}
