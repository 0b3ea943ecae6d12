import { Client, type ConnectOptions } from 'irc-framework';
import { until } from './until.js';

type Watch = (channel: string, nick: string, text: string) => void;

/** Somebody who chats in the channel, and remembers what happened there. */
export class Person {
  /** Who came and went, as `JOIN alice`. */
  readonly moves: string[] = [];
  /** All that others said in the channel. */
  readonly heard: { nick: string; text: string }[] = [];
  /** How much of it she has waited for. */
  #seen = 0;
  #connectionLost = false;
  readonly #client = new Client();

  private constructor(
    readonly nick: string,
    readonly channel: string,
    private readonly patience: number,
    private readonly watch: Watch,
  ) {
    this.#client.on('message', (event) => {
      if (event.target !== channel) return;
      this.heard.push({ nick: event.nick, text: event.message });
      watch(channel, event.nick, event.message);
    });
    this.#client.on('close', () => (this.#connectionLost = true));
    this.#client.on('join', (event) => this.moves.push(`JOIN ${event.nick}`));
    this.#client.on('part', (event) => this.moves.push(`PART ${event.nick}`));
    this.#client.on('kick', (event) => this.moves.push(`KICK ${event.kicked}`));
    this.#client.on('quit', (event) => this.moves.push(`QUIT ${event.nick}`));
    this.#client.on('nick', (event) => this.moves.push(`NICK ${event.nick}`));
  }

  /** In the channel; `watch` is shown every line said there, her own too. */
  static async enter(options: ConnectOptions, channel: string, patience: number, watch: Watch): Promise<Person> {
    const person = new Person(options.nick, channel, patience, watch);
    person.#client.on('registered', () => person.#client.join(channel));
    person.#client.connect(options);
    await person.sees(`JOIN ${options.nick}`);
    return person;
  }

  say(text: string): void {
    this.#client.say(this.channel, text);
    this.watch(this.channel, this.nick, text);
  }

  async sees(move: string): Promise<void> {
    await this.#until(`sees ${move}`, () => this.moves.includes(move));
  }

  /** A line with these words in it, since she last waited for one. */
  async hears(words: string): Promise<void> {
    await this.#until(`hears "${words}"`, () => this.heard.slice(this.#seen).some(({ text }) => text.includes(words)));
    this.#seen = this.heard.length;
  }

  /** She says a line, and waits for the answer. */
  async asks(line: string, answer: string): Promise<void> {
    this.say(line);
    await this.hears(answer);
  }

  /** The channels that the server says somebody is in. */
  async whereIs(nick: string): Promise<string> {
    let channels: string | undefined;
    this.#client.whois(nick, (event) => (channels = event.channels ?? event.error ?? 'no channel'));
    await this.#until(`learns where ${nick} is`, () => channels !== undefined);
    return channels?.trim() ?? '';
  }

  leave(): void {
    this.#client.quit('good night');
  }

  async #until(what: string, isTrue: () => boolean): Promise<void> {
    await until(`${this.nick} ${what}`, this.patience, () => {
      if (this.#connectionLost) throw new Error(`${this.nick} has no connection to the IRC server`);
      return isTrue();
    });
  }
}
