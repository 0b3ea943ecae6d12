import type { Message } from '../message.js';
import type { Network } from '../network.js';
import type { User } from '../user.js';
import { channels } from './channels.js';
import { messages } from './messages.js';
import { queries } from './queries.js';
import { registration } from './registration.js';

// A Map, because the word to look up comes from outside.
const commands = new Map(Object.entries({ ...registration, ...channels, ...messages, ...queries }));

/** Does what the user asks for, or says why not. */
export function obey(network: Network, user: User, { command, params }: Message): void {
  const found = commands.get(command);
  if (!user.registered && found?.early !== true) return network.reply(user, '451', 'You have not registered');
  if (found === undefined) return network.reply(user, '421', command, 'Unknown command');
  if (params.length < found.needs) return network.reply(user, '461', command, 'Not enough parameters');
  found.run(network, user, params);
}
