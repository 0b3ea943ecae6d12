// The example's host, which also tells its parent what it carries: of its listeners by the object's own word, and not by
// dynobot's.
import { host } from 'dynobot';
import { irc } from '../../../examples/irc-bot/irc.js';
import { hostName } from '../../../examples/irc-bot/settings.js';
import type { Load } from '../cast.js';

const made = await host({ irc }, { name: hostName });
process.on('message', () => process.send?.(load()));
process.send?.('ready');

function load(): Load {
  const listeners = Object.fromEntries(irc.eventNames().map((event) => [event, irc.listenerCount(String(event))]));
  return { listeners, sessions: made.inspect().sessions.length };
}
