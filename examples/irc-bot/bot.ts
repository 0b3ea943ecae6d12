// The bot: it can be edited, restarted and killed, and nobody in the channel sees more of that than the answers.
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'dynobot';
import { channel, hostName, version } from './settings.js';

const connection = await connect<typeof import('./irc.js')>(hostName);
const { irc } = connection.services;

irc.on('message', async (event) => {
  const [command, ...words] = event.message.split(' ');
  switch (command) {
    case '!hello':
      return event.reply(`hello ${event.nick}, this is bot v${version}`);
    case '!echo':
      return event.reply(`v${version}: ${words.join(' ')}`);
    case '!count':
      for (let n = 1; n <= Number(words[0]); n++) {
        await event.reply(`v${version} counts: ${n}`);
        await pause(250);
      }
  }
});

const room = await irc.channel(channel);
await room.say(`bot v${version} is here`);
