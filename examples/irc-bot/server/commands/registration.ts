import type { Network } from '../network.js';
import type { User } from '../user.js';
import type { Commands } from './command.js';

const NICK = /^[A-Za-z[\]\\`_^{|}][\w[\]\\`^{|}-]{0,29}$/;
const CAPABILITIES = ['server-time'];

/** Coming, naming oneself, going. */
export const registration: Commands = {
  CAP: { needs: 1, early: true, run: negotiate },
  PASS: { needs: 1, early: true, run: () => {} },
  NICK: { needs: 0, early: true, run: rename },
  USER: { needs: 4, early: true, run: identify },
  PING: { needs: 1, early: true, run: (network, user, [token = '']) => user.send(network.name, 'PONG', network.name, token) },
  PONG: { needs: 0, early: true, run: () => {} },
  QUIT: { needs: 0, early: true, run: quit },
};

function negotiate(network: Network, user: User, [verb = '', list = '']: readonly string[]): void {
  const answer = (word: string, names: string) => user.send(network.name, 'CAP', user.nick, word, names);
  switch (verb.toUpperCase()) {
    case 'LS':
      user.negotiating = !user.registered;
      return answer('LS', CAPABILITIES.join(' '));
    case 'LIST':
      return answer('LIST', [...user.capabilities].join(' '));
    case 'REQ':
      return answer(request(user, list.split(' ').filter((name) => name !== '')) ? 'ACK' : 'NAK', list);
    case 'END':
      user.negotiating = false;
      return welcome(network, user);
    default:
      return network.reply(user, '410', verb, 'Invalid CAP command');
  }
}

/** All that is asked for, or nothing of it. */
function request(user: User, names: readonly string[]): boolean {
  if (!names.every((name) => CAPABILITIES.includes(name.replace(/^-/, '')))) return false;
  for (const name of names) {
    if (name.startsWith('-')) user.capabilities.delete(name.slice(1));
    else user.capabilities.add(name);
  }
  return true;
}

function rename(network: Network, user: User, [nick]: readonly string[]): void {
  if (nick === undefined) return network.reply(user, '431', 'No nickname given');
  if (!NICK.test(nick)) return network.reply(user, '432', nick, 'Erroneous nickname');
  if (!network.rename(user, nick)) return network.reply(user, '433', nick, 'Nickname is already in use');
  welcome(network, user);
}

function identify(network: Network, user: User, [username = '', , , realName = '']: readonly string[]): void {
  if (user.username !== '') return network.reply(user, '462', 'You may not reregister');
  user.username = username;
  user.realName = realName;
  welcome(network, user);
}

/** Registers the user as soon as it has said all that it must. */
function welcome(network: Network, user: User): void {
  if (user.registered || user.negotiating || user.nick === '*' || user.username === '') return;
  network.register(user);
  network.reply(user, '001', `Welcome, ${user.mask}`);
  network.reply(user, '002', `Your host is ${network.name}, running version dynobot-example`);
  network.reply(user, '003', 'This server was started for a demonstration');
  network.reply(user, '004', network.name, 'dynobot-example', 'i', 'nto');
  network.reply(user, '005', 'CASEMAPPING=ascii', 'CHANTYPES=#', 'CHANMODES=b,,,nt', 'NICKLEN=30', 'PREFIX=(o)@', 'are supported by this server');
  network.reply(user, '422', 'There is no message of the day');
}

function quit(network: Network, user: User, [reason = 'Quit']: readonly string[]): void {
  network.quit(user, reason);
  user.send(network.name, 'ERROR', `Closing link: ${reason}`);
  user.hangUp();
}
