import type { Network } from '../network.js';
import type { User } from '../user.js';
import type { Commands } from './command.js';

/** Talking. A NOTICE is a PRIVMSG that nobody, the server included, may answer by itself. */
export const messages: Commands = {
  PRIVMSG: { needs: 0, run: (network, user, params) => deliver(network, user, 'PRIVMSG', params, network.reply.bind(network)) },
  NOTICE: { needs: 0, run: (network, user, params) => deliver(network, user, 'NOTICE', params, () => {}) },
};

type Complain = Network['reply'];

function deliver(network: Network, user: User, command: string, [targets = '', text = '']: readonly string[], complain: Complain): void {
  if (targets === '') return complain(user, '411', `No recipient given (${command})`);
  if (text === '') return complain(user, '412', 'No text to send');
  for (const name of targets.split(',')) {
    const channel = network.channel(name);
    const target = channel ?? network.user(name);
    if (target === undefined) complain(user, '401', name, 'No such nick or channel');
    else if (channel?.modes.has('n') === true && !channel.members.has(user)) complain(user, '404', name, 'Cannot send to channel');
    else network.say(user, command, target, text);
  }
}
