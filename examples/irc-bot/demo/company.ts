import { connect, type Connection } from 'dynobot';
import { parseServer } from '../settings.js';
import { Actor } from './actor.js';
import { Person } from './person.js';
import { quote } from './screen.js';
import type { Stage } from './stage.js';
import { readTables, type Tables } from './tables.js';
import { until } from './until.js';

const HOST_NAME = `irc-demo-${process.pid}`;

/** Everybody in the story: alice who chats, the host, the bots, and the demo itself, which asks the host for its tables. */
export class Company {
  readonly #actors: Actor[] = [];
  #alice: Person | undefined;
  #onlooker: Connection<typeof import('../irc.js')> | undefined;

  constructor(private readonly stage: Stage) {}

  async enterAlice(): Promise<Person> {
    const { address, channel, patience, own } = this.stage;
    const nick = own === undefined ? `alice${process.pid}` : 'alice';
    this.#alice = await Person.enter({ ...parseServer(address), nick, username: 'alice', gecos: 'Alice' }, channel, patience, quote);
    return this.#alice;
  }

  /** A host that is in the channel, and can be connected to. */
  async startHost(): Promise<Actor> {
    const host = this.#start('host.ts', {});
    if ((await host.firstLine()) === undefined) throw new Error('The host did not start');
    await this.#alice?.sees(`JOIN ${this.stage.nick}`);
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
    await this.#onlooker?.close();
    this.#alice?.leave();
    await Promise.all(this.#actors.map((actor) => actor.end()));
    await this.stage.own?.close();
  }

  #start(script: string, env: Record<string, string>): Actor {
    const { address, nick, channel } = this.stage;
    const actor = new Actor(script, { IRC_SERVER: address, IRC_NICK: nick, IRC_CHANNEL: channel, IRC_BOT_HOST: HOST_NAME, ...env });
    this.#actors.push(actor);
    return actor;
  }
}
