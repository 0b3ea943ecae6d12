import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { lineReader } from '../../examples/irc-bot/server/lines.js';
import { nickOf, parse, type Message } from '../../examples/irc-bot/server/message.js';
import { Feed } from './feed.js';

/** What a chatter saw, with the nick of the one who did it. */
export interface Seen extends Message {
  readonly nick: string;
}

/** A person in a channel, as raw as can be: it speaks the protocol by hand, so that it shares no fault with what it tests. */
export class Chatter {
  readonly #seen = new Feed<Seen>();

  private constructor(readonly nick: string, readonly channel: string, private readonly socket: Socket) {
    socket.setEncoding('utf8').setNoDelay(true);
    socket.on('data', lineReader((line) => this.#read(line)));
    socket.on('error', () => {});
  }

  /** In the channel, and told who else is there. */
  static async join(port: number, nick: string, channel: string): Promise<Chatter> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const chatter = new Chatter(nick, channel, socket);
    chatter.raw(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
    await chatter.sees('the welcome', ({ command }) => command === '001');
    chatter.raw(`JOIN ${channel}`);
    await chatter.sees('the names in the channel', ({ command }) => command === '366');
    return chatter;
  }

  /** Everything seen so far. */
  get seen(): readonly Seen[] {
    return this.#seen.all;
  }

  /** What others said in the channel. */
  get heard(): { nick: string; text: string }[] {
    return this.seen.filter((one) => this.#isSaid(one)).map(({ nick, params }) => ({ nick, text: params[1] ?? '' }));
  }

  raw(...lines: string[]): void {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  say(text: string): void {
    this.raw(`PRIVMSG ${this.channel} :${text}`);
  }

  sees(what: string, fits: (seen: Seen) => boolean, options?: { from?: number; ms?: number }): Promise<Seen> {
    return this.#seen.next(`${this.nick} to see ${what}`, fits, options);
  }

  /** Somebody else's line in the channel. */
  async hears(what: string, fits: (text: string, nick: string) => boolean, options?: { from?: number; ms?: number }): Promise<string> {
    const seen = await this.sees(what, (one) => this.#isSaid(one) && fits(one.params[1] ?? '', one.nick), options);
    return seen.params[1] ?? '';
  }

  /** The comings and goings of one nick: JOIN, PART, QUIT, KICK and NICK, in order. */
  movesOf(nick: string): string[] {
    const moves = this.seen.filter((one) => ['JOIN', 'PART', 'QUIT', 'KICK', 'NICK'].includes(one.command));
    return moves.filter((one) => (one.command === 'KICK' ? one.params[1] : one.nick) === nick).map(({ command }) => command);
  }

  /** Who is in the channel now, by the server's word. */
  async names(): Promise<string[]> {
    const from = this.seen.length;
    this.raw(`NAMES ${this.channel}`);
    await this.sees('the end of the names', ({ command }) => command === '366', { from });
    const lists = this.seen.slice(from).filter(({ command }) => command === '353');
    return lists.flatMap(({ params }) => (params[3] ?? '').split(' ')).map((name) => name.replace(/^[~&@%+]/, ''));
  }

  async quit(): Promise<void> {
    if (this.socket.destroyed) return;
    const closed = once(this.socket, 'close');
    this.raw('QUIT');
    await closed;
  }

  /** Ends the connection without a word. */
  breakOff(): void {
    this.socket.resetAndDestroy();
  }

  #isSaid({ command, params }: Seen): boolean {
    return command === 'PRIVMSG' && params[0] === this.channel;
  }

  #read(line: string): void {
    const message = parse(line);
    if (message === undefined) return;
    if (message.command === 'PING') this.raw(`PONG :${message.params[0] ?? ''}`);
    this.#seen.push({ ...message, nick: nickOf(message.source) });
  }
}
