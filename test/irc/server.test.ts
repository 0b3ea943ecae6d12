import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IrcServer } from '../../examples/irc-bot/server/server.js';
import { Chatter } from '../support/chatter.js';
import { itHoldsAConversation } from './conversation.js';

describe("the demo's own IRC server", () => {
  let server: IrcServer;
  beforeAll(async () => {
    server = await IrcServer.listen();
  });
  afterAll(() => server.close());

  itHoldsAConversation(() => server);

  it('writes down everything that happens, in order', async () => {
    const own = await IrcServer.listen();
    const alice = await Chatter.join(own.port, 'alice', '#history');
    alice.say('hello');
    await alice.quit();
    await own.close();
    expect(own.history.entries.map(({ event, nick, target, text }) => [event, nick, target, text])).toEqual([
      ['open', undefined, undefined, undefined],
      ['register', 'alice', undefined, undefined],
      ['join', 'alice', '#history', undefined],
      ['say', 'alice', '#history', 'hello'],
      ['quit', 'alice', undefined, 'Quit'],
      ['close', undefined, undefined, 'Connection closed'],
    ]);
  });

  it('refuses what it must, by number', async () => {
    const alice = await Chatter.join(server.port, 'alice', '#rules');
    const bob = await Chatter.join(server.port, 'bob', '#rules');
    const refusals: [line: string, code: string][] = [
      ['constructor', '421'],
      ['NICK', '431'],
      ['NICK 1st', '432'],
      ['NICK ALICE', '433'],
      ['JOIN', '461'],
      ['JOIN nowhere', '403'],
      ['PART #nowhere', '403'],
      ['PRIVMSG nobody :hi', '401'],
      ['PRIVMSG', '411'],
      ['PRIVMSG alice', '412'],
      ['TOPIC #rules :mine', '482'],
      ['MODE #rules +o bob', '482'],
      ['MODE alice +i', '502'],
      ['USER b 0 * :b', '462'],
    ];
    for (const [line, code] of refusals) {
      const from = bob.seen.length;
      bob.raw(line);
      await bob.sees(`${code} for "${line}"`, ({ command }) => command === code, { from });
    }
    await alice.quit();
    await bob.quit();
  });

  it('shows topics, modes and new nicks to everybody in the channel', async () => {
    const alice = await Chatter.join(server.port, 'alice', '#rules');
    const bob = await Chatter.join(server.port, 'bob', '#rules');
    alice.raw('TOPIC #rules :the law', 'MODE #rules +o bob', 'NICK alicia');
    await bob.sees('the topic', ({ command, params }) => command === 'TOPIC' && params[1] === 'the law');
    await bob.sees('the operator', ({ command, params }) => command === 'MODE' && params[2] === 'bob');
    await bob.sees('the new nick', ({ command, params }) => command === 'NICK' && params[0] === 'alicia');
    expect(await bob.names()).toEqual(['alicia', 'bob']);
    await alice.quit();
    await bob.quit();
  });

  it('ends a connection that sends no line end', async () => {
    const alice = await Chatter.join(server.port, 'alice', '#long');
    const mallory = await Chatter.join(server.port, 'mallory', '#long');
    mallory.raw('x'.repeat(100_000));
    await alice.sees('the QUIT', ({ command, nick }) => command === 'QUIT' && nick === 'mallory');
    await alice.quit();
  });
});
