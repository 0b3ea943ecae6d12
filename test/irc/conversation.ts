import { Client } from 'irc-framework';
import { expect, it } from 'vitest';
import { Chatter } from '../support/chatter.js';
import { PATIENCE, within } from '../support/deadline.js';

interface Server {
  readonly port: number;
}

/** What any IRC server must do for irc-framework, and for a chatter who talks to it: written once for all of them. */
export function itHoldsAConversation(server: () => Server): void {
  it('lets irc-framework in, tells others of its coming and going', async () => {
    const alice = await Chatter.join(server().port, 'alice', '#moves');
    const bot = await enter(server(), 'bot', '#moves');
    await alice.sees('the JOIN', ({ command, nick }) => command === 'JOIN' && nick === 'bot');
    expect(await alice.names()).toEqual(expect.arrayContaining(['alice', 'bot']));
    bot.part('#moves', 'bye');
    await alice.sees('the PART', ({ command, nick }) => command === 'PART' && nick === 'bot');
    bot.join('#moves');
    await alice.sees('the second JOIN', () => alice.movesOf('bot').length === 3);
    bot.quit('gone');
    await alice.sees('the QUIT', ({ command, nick }) => command === 'QUIT' && nick === 'bot');
    expect(alice.movesOf('bot')).toEqual(['JOIN', 'PART', 'JOIN', 'QUIT']);
    await alice.quit();
  });

  it('carries messages both ways, in order', async () => {
    const alice = await Chatter.join(server().port, 'alice', '#talk');
    const bot = await enter(server(), 'bot', '#talk');
    bot.on('message', (event) => event.reply(`you said: ${event.message}`));
    const lines = Array.from({ length: 50 }, (_, n) => `line ${n}`);
    for (const line of lines) alice.say(line);
    await alice.hears('the last answer', (text) => text.endsWith('line 49'));
    expect(alice.heard).toEqual(lines.map((line) => ({ nick: 'bot', text: `you said: ${line}` })));
    alice.raw('PRIVMSG bot :in private');
    await alice.sees('the private answer', ({ params }) => params[0] === 'alice' && params[1] === 'you said: in private');
    bot.quit();
    await alice.quit();
  });

  it('answers WHOIS and WHO', async () => {
    const alice = await Chatter.join(server().port, 'alice', '#who');
    const bot = await enter(server(), 'bot', '#who');
    const whois = await within(PATIENCE, 'WHOIS', new Promise<{ nick: string; channels?: string }>((resolve) => bot.whois('alice', resolve)));
    expect(whois).toMatchObject({ nick: 'alice', channels: expect.stringContaining('#who') });
    const who = await within(PATIENCE, 'WHO', new Promise<{ users: { nick: string }[] }>((resolve) => bot.who('#who', resolve)));
    expect(who.users.map(({ nick }) => nick).sort()).toEqual(['alice', 'bot']);
    bot.quit();
    await alice.quit();
  });

  it('tells a newcomer that the nick is taken', async () => {
    const alice = await Chatter.join(server().port, 'alice', '#same');
    const other = new Client();
    const taken = new Promise<{ nick: string }>((resolve) => other.on('nick in use', resolve));
    other.connect({ host: '127.0.0.1', port: server().port, nick: 'alice' });
    expect(await within(PATIENCE, 'the refusal', taken)).toMatchObject({ nick: 'alice' });
    other.quit();
    await alice.quit();
  });

  it('sees a connection that breaks as a QUIT', async () => {
    const alice = await Chatter.join(server().port, 'alice', '#break');
    const bob = await Chatter.join(server().port, 'bob', '#break');
    bob.breakOff();
    await alice.sees('the QUIT', ({ command, nick }) => command === 'QUIT' && nick === 'bob');
    await alice.quit();
  });
}

/** An irc-framework client that is in the channel. */
async function enter({ port }: Server, nick: string, channel: string): Promise<Client> {
  const client = new Client();
  const joined = new Promise<void>((resolve) => client.once('userlist', () => resolve()));
  client.once('registered', () => client.join(channel));
  client.connect({ host: '127.0.0.1', port, nick });
  await within(PATIENCE, `${nick} to be in ${channel}`, joined);
  return client;
}
