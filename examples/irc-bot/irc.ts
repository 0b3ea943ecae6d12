// The connection to keep: it is made once, and stays while the bots that use it come and go.
import { Client, type Channel } from 'irc-framework';
import { channel, nick, server } from './settings.js';

/** irc-framework's channels listen to their client for ever, so there is one of each, whoever asks for it. */
class SharingClient extends Client {
  readonly #channels = new Map<string, Channel>();

  override channel(name: string, key?: string): Channel {
    const id = this.caseLower(name);
    const known = this.#channels.get(id);
    if (known !== undefined) return known;
    const created = super.channel(name, key);
    this.#channels.set(id, created);
    return created;
  }

  rejoin(): void {
    for (const known of this.#channels.values()) known.join();
  }
}

async function enter(client: SharingClient): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.on('registered', () => client.rejoin());
    client.once('registered', () => client.channel(channel));
    client.once('nick in use', () => reject(new Error(`Somebody else is ${nick}`)));
    client.once('close', () => reject(new Error(`No connection to ${server.host}:${server.port}`)));
    client.once('userlist', () => resolve());
    client.connect({ ...server, nick, username: 'dynobot', gecos: 'A bot that learns without leaving' });
  });
}

export const irc = new SharingClient();
await enter(irc);
