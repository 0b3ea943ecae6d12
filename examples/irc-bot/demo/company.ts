import { connect, type Connection } from 'dynobot';
import { parseServer } from '../settings.js';
import { Actor } from './actor.js';
import { Person } from './person.js';
import { quote, tell } from './screen.js';
import type { Stage } from './stage.js';
import { readTables, type Tables } from './tables.js';
import { until } from './until.js';
import { Workshop } from './workshop.js';

const HOST_NAME = `irc-demo-${process.pid}`;

/** Everybody in the story: the people who chat, the host, the bots, and the demo itself, which asks the host for its tables. */
export class Company {
  readonly #actors: Actor[] = [];
  readonly #people: Person[] = [];
  #workshop: Workshop | undefined;
  #onlooker: Connection<typeof import('../irc.js')> | undefined;

  constructor(
    private readonly stage: Stage,
    /** Is shown what the runner prints. */
    private readonly runnerSays = (line: string): void => tell('runner', line),
  ) {}

  /** Somebody who chats in the channel. What is said to `!echo` is not shown: it is much. */
  async enter(nick: string): Promise<Person> {
    const { address, channel, patience, own } = this.stage;
    const isFirst = this.#people.length === 0;
    const watch = (where: string, who: string, text: string): void => {
      if (isFirst && !/^(?:!echo|v\d+: )/.test(text)) quote(where, who, text);
    };
    const person = await Person.enter({ ...parseServer(address), nick: own === undefined ? `${nick}${process.pid}` : nick, username: nick, gecos: nick }, channel, patience, watch);
    this.#people.push(person);
    return person;
  }

  /** Where the bot is edited while it runs. */
  openWorkshop(): Workshop {
    return (this.#workshop = new Workshop(this.#env({}), HOST_NAME, this.stage.patience, this.runnerSays));
  }

  /** A host that is in the channel, and can be connected to. */
  async startHost(): Promise<Actor> {
    const host = this.#start('host.ts', {});
    if ((await host.firstLine()) === undefined) throw new Error('The host did not start');
    await this.#people[0]?.sees(`JOIN ${this.stage.nick}`);
    this.#onlooker = await connect(HOST_NAME);
    return host;
  }

  /** A bot that is about to say that it is here. */
  startBot(version: number): Actor {
    return this.#start('bot.ts', { BOT_VERSION: String(version) });
  }

  async tables(): Promise<Tables> {
    if (this.#onlooker === undefined) throw new Error('There is no host yet');
    return readTables(this.#onlooker);
  }

  /** Kills a bot with SIGKILL. Returns how many milliseconds later the host had forgotten it. */
  async kill(bot: Actor): Promise<number> {
    const start = performance.now();
    bot.kill();
    await until('the host has forgotten the bot', this.stage.patience, async () => (await this.tables()).sessions.length === 0);
    return performance.now() - start;
  }

  /** Sends everybody home. */
  async end(): Promise<void> {
    await this.#workshop?.close();
    await this.#onlooker?.close();
    for (const person of this.#people) person.leave();
    await Promise.all(this.#actors.map((actor) => actor.end()));
    await this.stage.own?.close();
  }

  #start(script: string, env: Record<string, string>): Actor {
    const actor = new Actor(script, this.#env(env));
    this.#actors.push(actor);
    return actor;
  }

  #env(more: Record<string, string>): Record<string, string> {
    const { address, nick, channel } = this.stage;
    return { IRC_SERVER: address, IRC_NICK: nick, IRC_CHANNEL: channel, IRC_BOT_HOST: HOST_NAME, ...more };
  }
}
