// A blocking client's services are of the types that they have in the host.
import { connectSync, type SyncConnection } from 'dynobot/sync';
import { is, same } from './expect.js';

class Client {
  nick = 'dyno';
  #secret = 1;
  say(text: string): number { return text.length + this.#secret; }
  async whois(nick: string): Promise<{ nick: string }> { return { nick }; }
  on(_event: 'message', _handler: (message: { reply(text: string): void }) => void): this { return this; }
}

interface Hosted { irc: Client; Client: typeof Client; add: (a: number, b: number) => number }

const connection = connectSync<Hosted>('bot');
is<SyncConnection<Hosted>>()(connection);
same<typeof connection.services, Hosted>(true);
const { irc } = connection.services;
is<string>()(irc.nick);
is<number>()(irc.say('hi'));
is<Promise<{ nick: string }>>()(irc.whois('bob'));
irc.nick = 'bob';
class Bot extends connection.services.Client {}
is<Bot>()(new Bot());
// @ts-expect-error a service that the host does not have
void connection.services.web;
