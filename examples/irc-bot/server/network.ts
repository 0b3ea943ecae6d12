import { Channel } from './channel.js';
import { History } from './history.js';
import type { User } from './user.js';

/** Who is on the server, in which channels; every change of it goes through here, and into the history. */
export class Network {
  readonly name = 'irc.example';
  readonly history = new History();
  readonly #users = new Map<string, User>();
  readonly #channels = new Map<string, Channel>();

  user(nick: string): User | undefined {
    return this.#users.get(fold(nick));
  }

  channel(name: string): Channel | undefined {
    return this.#channels.get(fold(name));
  }

  /** A numeric reply, from the server itself. */
  reply(user: User, code: string, ...params: string[]): void {
    user.send(this.name, code, user.nick, ...params);
  }

  /** False when somebody else has the nick. */
  rename(user: User, nick: string): boolean {
    const owner = this.user(nick);
    if (owner !== undefined && owner !== user) return false;
    this.#users.delete(fold(user.nick));
    this.#users.set(fold(nick), user);
    if (user.registered) {
      for (const witness of this.#witnesses(user)) witness.send(user.mask, 'NICK', nick);
      this.#record(user, 'nick', { text: nick });
    }
    user.nick = nick;
    return true;
  }

  register(user: User): void {
    user.registered = true;
    this.#record(user, 'register');
  }

  join(user: User, name: string): Channel {
    const channel = this.channel(name) ?? new Channel(name);
    this.#channels.set(fold(name), channel);
    channel.add(user);
    channel.send(user.mask, 'JOIN', channel.name);
    this.#record(user, 'join', { target: channel.name });
    return channel;
  }

  part(user: User, channel: Channel, reason: string): void {
    channel.send(user.mask, 'PART', channel.name, reason);
    this.#record(user, 'part', { target: channel.name, text: reason });
    this.#leave(user, channel);
  }

  say(user: User, command: string, target: Channel | User, text: string): void {
    const name = target instanceof Channel ? target.name : target.nick;
    this.#record(user, 'say', { target: name, text });
    if (target instanceof Channel) target.sendToOthers(user, command, name, text);
    else target.send(user.mask, command, name, text);
  }

  open(user: User): void {
    this.history.record({ event: 'open', connection: user.connection });
  }

  /** The user's last act: by its own will, or because its connection broke. Happens once. */
  quit(user: User, reason: string): void {
    if (this.user(user.nick) !== user) return;
    this.#users.delete(fold(user.nick));
    if (!user.registered) return;
    const witnesses = this.#witnesses(user);
    for (const channel of [...user.channels]) this.#leave(user, channel);
    witnesses.delete(user);
    for (const witness of witnesses) witness.send(user.mask, 'QUIT', reason);
    this.#record(user, 'quit', { text: reason });
  }

  closed(user: User, reason: string): void {
    this.quit(user, reason);
    this.history.record({ event: 'close', connection: user.connection, text: reason });
  }

  #leave(user: User, channel: Channel): void {
    channel.remove(user);
    if (channel.members.size === 0) this.#channels.delete(fold(channel.name));
  }

  /** The user and everybody who shares a channel with it. */
  #witnesses(user: User): Set<User> {
    return new Set([user, ...[...user.channels].flatMap((channel) => [...channel.members])]);
  }

  #record(user: User, event: 'register' | 'nick' | 'join' | 'say' | 'part' | 'quit', more: { target?: string; text?: string } = {}): void {
    this.history.record({ event, connection: user.connection, nick: user.nick, ...more });
  }
}

/** `CASEMAPPING=ascii`: names that differ in case only are the same. */
function fold(name: string): string {
  return name.toLowerCase();
}
