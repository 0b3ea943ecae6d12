import { Chatter } from '../support/chatter.js';
import { Child } from '../support/child.js';
import { eventually } from '../support/eventually.js';
import { Ngircd } from '../support/ngircd.js';

const HOST = new URL('processes/host.ts', import.meta.url);
const BOT = new URL('../../examples/irc-bot/bot.ts', import.meta.url);

/** What the host carries. */
export interface Load {
  /** How often the hosted object is listened to, by event. */
  readonly listeners: Readonly<Record<string, number>>;
  readonly sessions: number;
}

/** A bot of the example, in a process of its own. Its number is the version that it answers with. */
export interface Bot {
  readonly number: number;
  readonly process: Child;
  /** Settled when alice has heard in the channel that it is there. */
  readonly announced: Promise<unknown>;
}

/** Everybody in the story: ngircd, alice in the channel, the host, and the bots that come and go. */
export class Cast {
  static readonly nick = 'dynobot';
  static readonly channel = '#story';
  readonly bots: Bot[] = [];

  private constructor(
    readonly server: Ngircd,
    readonly alice: Chatter,
    readonly host: Child,
    private readonly env: Record<string, string>,
  ) {}

  /** Alice is there first, so that she sees whatever the host does in the channel. */
  static async gather(): Promise<Cast> {
    const server = await Ngircd.start();
    const alice = await Chatter.join(server.port, 'alice', Cast.channel);
    const env = {
      IRC_SERVER: `127.0.0.1:${server.port}`,
      IRC_NICK: Cast.nick,
      IRC_CHANNEL: Cast.channel,
      IRC_BOT_HOST: `irc-story-${process.pid}`,
    };
    const cast = new Cast(server, alice, new Child(HOST, env), env);
    await cast.host.message('the host is ready');
    return cast;
  }

  startBot(): Bot {
    const number = this.bots.length + 1;
    const greeting = `bot v${number} is here`;
    const announced = this.alice.hears(`"${greeting}"`, (text) => text === greeting);
    announced.catch(() => {}); // One that is killed while it starts may never say so.
    const bot = { number, process: new Child(BOT, { ...this.env, BOT_VERSION: String(number) }), announced };
    this.bots.push(bot);
    return bot;
  }

  async load(): Promise<Load> {
    const report = this.host.message('the report of its load') as Promise<Load>;
    this.host.send('load');
    return report;
  }

  /** Kills a bot; returns how many milliseconds later the host carried what it then should. */
  async kill(bot: Bot, expected: Load): Promise<number> {
    bot.process.kill();
    return eventually("the host's load", () => this.load(), expected);
  }

  async disperse(): Promise<void> {
    await Promise.all([this.host, ...this.bots.map((bot) => bot.process)].map((child) => child.end()));
    await this.alice.quit();
    await this.server.stop();
  }
}
