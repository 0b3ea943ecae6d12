// The example's host, which also tells its parent how often its object is listened to: by the object's own word, and
// not by way of dynobot.
import { host } from 'dynobot';
import { irc } from '../../../examples/irc-bot/irc.js';
import { hostName } from '../../../examples/irc-bot/settings.js';

await host({ irc }, { name: hostName });
process.on('message', () => {
  process.send?.(Object.fromEntries(irc.eventNames().map((event) => [event, irc.listenerCount(String(event))])));
});
process.send?.('ready');
