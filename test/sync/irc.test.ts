import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { Chatter } from '../support/chatter.js';
import { eventually } from '../support/eventually.js';
import { hasNgircd, Ngircd, ngircdNote } from '../support/ngircd.js';

const CHANNEL = '#sync';

describe.skipIf(!hasNgircd)(`a bot for irc-framework on ngircd${ngircdNote}`, () => {
  let server: Ngircd;
  let alice: Chatter;
  let env: Record<string, string>;
  const processes: ChildProcess[] = [];
  beforeEach(async () => {
    server = await Ngircd.start();
    alice = await Chatter.join(server.port, 'alice', CHANNEL);
    env = { IRC_PORT: String(server.port), IRC_CHANNEL: CHANNEL, TEST_HOST: `irc-sync-${process.pid}` };
  });
  afterEach(async () => {
    for (const child of processes.splice(0)) child.kill('SIGKILL');
    await alice.quit();
    await server.stop();
  });

  function start(name: string): ChildProcess {
    const child = fork(new URL(`fixtures/irc/${name}.mjs`, import.meta.url), { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    processes.push(child);
    return child;
  }

  async function answers(): Promise<void> {
    await alice.hears('the greeting', (text) => text === 'the bot is here');
    for (const [asked, answer] of [['!add 2 3', '2 + 3 = 5'], ['!who', 'alice, I am dyno'], ['!info', 'you are alice, called '], ['!caps', 'a,b']] as const) {
      const heard = alice.hears(answer, (text) => text.startsWith(answer));
      alice.say(asked);
      await heard;
    }
  }

  it('answers with a client of its own', async () => {
    start('plain');
    await answers();
  });

  it('answers with a hosted client that it blocks on, with no other line changed, and leaves nothing there', async () => {
    const host = start('host');
    await once(host, 'message');
    const bot = start('blocking');
    await answers();
    bot.kill('SIGKILL');
    await eventually('the sessions of the host', async () => {
      host.send('look');
      const [{ sessions }] = (await once(host, 'message')) as [{ sessions: number }];
      return sessions;
    }, 0);
  });
});
