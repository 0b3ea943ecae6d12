import type { Channel } from '../channel.js';
import type { Network } from '../network.js';
import type { User } from '../user.js';
import type { Commands } from './command.js';
import { mode } from './mode.js';

const CHANNEL = /^#[^\s,:]{1,49}$/;

/** Being in channels. */
export const channels: Commands = {
  JOIN: { needs: 1, run: join },
  PART: { needs: 1, run: part },
  NAMES: { needs: 1, run: (network, user, [names = '']) => names.split(',').forEach((name) => listNames(network, user, name)) },
  TOPIC: { needs: 1, run: topic },
  MODE: { needs: 1, run: mode },
};

function join(network: Network, user: User, [names = '']: readonly string[]): void {
  for (const name of names.split(',')) {
    if (!CHANNEL.test(name)) network.reply(user, '403', name, 'No such channel');
    else if (network.channel(name)?.members.has(user) !== true) enter(network, user, name);
  }
}

function enter(network: Network, user: User, name: string): void {
  const channel = network.join(user, name);
  if (channel.topic !== '') network.reply(user, '332', channel.name, channel.topic);
  listNames(network, user, name);
}

function part(network: Network, user: User, [names = '', reason = '']: readonly string[]): void {
  for (const name of names.split(',')) {
    const channel = joined(network, user, name);
    if (channel !== undefined) network.part(user, channel, reason);
  }
}

function listNames(network: Network, user: User, name: string): void {
  const channel = network.channel(name);
  if (channel !== undefined) {
    const names = [...channel.members].map((member) => channel.prefix(member) + member.nick);
    network.reply(user, '353', '=', channel.name, names.join(' '));
  }
  network.reply(user, '366', name, 'End of NAMES list');
}

function topic(network: Network, user: User, [name = '', text]: readonly string[]): void {
  const channel = joined(network, user, name);
  if (channel === undefined) return;
  if (text === undefined) {
    if (channel.topic === '') return network.reply(user, '331', channel.name, 'No topic is set');
    return network.reply(user, '332', channel.name, channel.topic);
  }
  if (channel.modes.has('t') && !channel.operators.has(user)) {
    return network.reply(user, '482', channel.name, "You're not channel operator");
  }
  channel.topic = text;
  channel.send(user.mask, 'TOPIC', channel.name, text);
}

/** The channel, if the user is in it; the user is told if not. */
function joined(network: Network, user: User, name: string): Channel | undefined {
  const channel = network.channel(name);
  if (channel?.members.has(user) === true) return channel;
  if (channel === undefined) network.reply(user, '403', name, 'No such channel');
  else network.reply(user, '442', name, "You're not on that channel");
  return undefined;
}
