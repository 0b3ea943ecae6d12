import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE } from '../support/deadline.js';
import { hasNgircd, ngircdNote } from '../support/ngircd.js';
import { Random } from '../support/random.js';
import { answersIn, linesOf, range } from './answers.js';
import { Cast, type Bot, type Load } from './cast.js';
import { Talk } from './talk.js';

const KILLS = 20;

describe.skipIf(!hasNgircd)(`${KILLS} bots are killed, and the channel sees nothing of it${ngircdNote}`, () => {
  const random = Random.fromEnvironment();
  let cast: Cast;
  let talk: Talk;
  let baseline: Load;
  const cleanUps: number[] = [];
  /** The first line that each bot must answer: the one after alice has heard of the bot. */
  const firstLines = new Map<Bot, number>();

  beforeAll(async () => {
    console.log(`seed ${random.seed} (SEED=${random.seed} plays it again)`);
    cast = await Cast.gather();
    baseline = await cast.load();
    talk = new Talk(cast.alice);
  }, PATIENCE);
  afterAll(async () => {
    talk?.end();
    await cast?.disperse();
  });

  it('keeps the connection, answers every line, leaves nothing behind', { timeout: 180_000 }, async () => {
    let bot = await announced(start());
    for (let kills = 0; kills < KILLS; kills++) {
      if (random.chance(0.2)) await killNewcomer();
      else bot = await (random.chance(0.5) ? succeedBefore(bot) : succeedAfter(bot));
    }
    await talk.answersBy(bot.number, 20);
    const lastLine = talk.end();
    await cast.alice.hears('the last answer', (text) => text === `v${bot.number}: ${lastLine}`);
    await kill(bot, 0);

    expectEveryLineAnsweredOnce();
    await expectTheNickNeverLeft();
    expect({ running: cast.host.isRunning, stderr: cast.host.stderr }).toEqual({ running: true, stderr: '' });
    console.log(`${cast.bots.length} bots, ${lastLine} lines; cleaned up within ${Math.ceil(Math.max(...cleanUps))} ms of each kill`);
  });

  /** A second bot dies somewhere between its first instruction and its first answers. */
  async function killNewcomer(): Promise<void> {
    const newcomer = start();
    await pause(random.integer(0, 600));
    await kill(newcomer, 1);
  }

  /** The successor is there already: for a while each of the two answers. */
  async function succeedBefore(bot: Bot): Promise<Bot> {
    const successor = await announced(start());
    await someMoment(bot);
    await kill(bot, 1);
    return successor;
  }

  async function succeedAfter(bot: Bot): Promise<Bot> {
    await someMoment(bot);
    await kill(bot, 0);
    return announced(start());
  }

  function start(): Bot {
    const bot = cast.startBot();
    bot.announced.then(() => firstLines.set(bot, talk.said + 1), () => {});
    return bot;
  }

  async function announced(bot: Bot): Promise<Bot> {
    await bot.announced;
    return bot;
  }

  /** In the midst of its work: after some answers, with others under way. */
  async function someMoment(bot: Bot): Promise<void> {
    await talk.answersBy(bot.number, random.integer(1, 40));
    await pause(random.integer(0, 10));
  }

  /** The host must then be as before the first bot, but for the bots that are left. */
  async function kill(bot: Bot, left: number): Promise<void> {
    const listeners = left === 0 ? baseline.listeners : { ...baseline.listeners, message: left };
    cleanUps.push(await cast.kill(bot, { listeners, sessions: left }));
  }

  /** Only the tail, under way when the bot was killed, may be missing; nothing before it, and nothing twice. */
  function expectEveryLineAnsweredOnce(): void {
    const heard = cast.alice.heard.filter(({ nick }) => nick === Cast.nick).map(({ text }) => text);
    const answers = answersIn(heard);
    for (const bot of cast.bots) {
      const lines = linesOf(answers, bot.number);
      const from = Math.min(firstLines.get(bot) ?? Infinity, lines[0] ?? Infinity);
      expect(lines, `what bot v${bot.number} answered`).toEqual(range(from, lines.at(-1) ?? 0));
    }
  }

  async function expectTheNickNeverLeft(): Promise<void> {
    expect(cast.alice.movesOf(Cast.nick)).toEqual(['JOIN']);
    expect(await cast.alice.names()).toContain(Cast.nick);
    expect(cast.server.connections).toEqual([
      { nick: 'alice', closed: false },
      { nick: Cast.nick, closed: false },
    ]);
  }
});
