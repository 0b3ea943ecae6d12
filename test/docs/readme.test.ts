import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Person } from '../../examples/irc-bot/demo/person.js';
import { IrcServer } from '../../examples/irc-bot/server/server.js';
import type { HostReport } from '../../src/index.js';
import { PATIENCE } from '../support/deadline.js';
import { eventually } from '../support/eventually.js';
import { Folder, type Command } from './folder.js';
import { fileIn, snippets } from './snippets.js';

// The README's example, as it stands there, on an IRC server of our own: the address of the server is all that is changed.
const PUBLIC_SERVER = "host: 'irc.libera.chat', port: 6667";
const [RUN_HOST, RUN_BOT] = commandsAfter('npx dynobot host') as [string, string];
const [INSPECT, CALL, EVENTS] = commandsAfter('npx dynobot inspect') as [string, string, string];

let server: IrcServer;
let folder: Folder;
let alice: Person;

beforeEach(async () => {
  server = await IrcServer.listen();
  folder = new Folder('irc-framework');
  const irc = fileIn('README.md', 'irc.ts');
  expect(irc).toContain(PUBLIC_SERVER);
  folder.write('irc.ts', irc.replace(PUBLIC_SERVER, `host: '127.0.0.1', port: ${server.port}`));
  folder.write('bot.ts', fileIn('README.md', 'bot.ts'));
  folder.write('host.mts', fileIn('README.md', 'host.ts'));
  alice = await Person.enter({ host: '127.0.0.1', port: server.port, nick: 'alice' }, '#dynobot', PATIENCE, () => {});
});

afterEach(async () => {
  alice.leave();
  await folder.remove();
  await server.close();
});

it('tells the commands that CI runs', () => {
  const ci = readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8');
  const commands = ci.split('\n').filter((line) => line.startsWith('npm '));
  expect(snippets('README.md', 'sh')[0]).toContain(`${commands.slice(0, 2).join(' && ')} `);
});

it('runs as it is shown: the bot is edited, broken and killed, and its nick never leaves', { timeout: 3 * PATIENCE }, async () => {
  const host = folder.run(RUN_HOST);
  await alice.sees('JOIN my-dynobot');
  await says(host, 'hosting irc');

  const runner = folder.run(RUN_BOT);
  await listeners(1);
  await alice.asks('!hello', 'hello alice');

  folder.write('bot.ts', fileIn('README.md', 'bot.ts').replace('hello ${', 'good evening ${'));
  await says(runner, 'has taken over');
  await alice.asks('!hello', 'good evening alice');
  folder.write('bot.ts', 'const broken = ;');
  await says(runner, 'did not start');
  await alice.asks('!hello', 'good evening alice');

  folder.write('bot.ts', fileIn('README.md', 'bot.ts').replace('hello ${', 'good night ${'));
  await says(runner, 'v4 [');
  await alice.asks('!hello', 'good night alice');
  const { pid } = (await inspect()).sessions.find(({ client }) => client === 'bot.ts')!;
  process.kill(pid, 'SIGKILL');
  // What it is given before the host knows of its death is lost.
  await eventually('whether the killed bot is there', async () => (await inspect()).sessions.some((session) => session.pid === pid), false);
  await alice.asks('!hello', 'good night alice');

  expect(alice.moves.filter((move) => move.endsWith('my-dynobot'))).toEqual(['JOIN my-dynobot']);
  expect(server.history.entries.filter(({ event }) => event === 'close')).toEqual([]);
});

it('can be looked at and used from a shell', { timeout: 3 * PATIENCE }, async () => {
  await says(folder.run(RUN_HOST), 'hosting irc');
  await alice.sees('JOIN my-dynobot');
  const seen = folder.run(EVENTS);
  await listeners(1);
  await finished(CALL);
  await alice.hears('hi from the shell');
  alice.say('hello shell');
  await says(seen, '"message":"hello shell"');
  expect(await finished(INSPECT)).toMatch(/irc message +1/);
});

it('does the same with the library', { timeout: 3 * PATIENCE }, async () => {
  const host = folder.runNode('host.mts');
  await alice.sees('JOIN my-dynobot');
  await eventually('a host', async () => (await inspect().catch(() => undefined))?.name, 'irc');
  const bot = folder.run(RUN_BOT);
  await listeners(1);
  await alice.asks('!hello', 'hello alice');
  bot.kill('SIGTERM');
  await says(host, 'bot.ts has gone');
});

/** The lines of the block that begins with one of them. */
function commandsAfter(first: string): string[] {
  return snippets('README.md', 'sh').find((block) => block.startsWith(first))!.trim().split('\n');
}

async function finished(line: string): Promise<string> {
  const command = folder.run(line);
  const code = await command.ended;
  if (code !== 0) throw new Error(`${line} ended with ${code}: ${command.output}`);
  return command.output;
}

async function inspect(): Promise<HostReport> {
  return JSON.parse(await finished(`${INSPECT} --json`)) as HostReport;
}

/** Waits until clients, other than the runner, have so many listeners at the host. */
async function listeners(count: number): Promise<void> {
  const total = async (): Promise<number | undefined> => (await inspect().catch(() => undefined))?.sessions.filter(({ client }) => client !== 'dynobot run').reduce((sum, session) => sum + session.listeners, 0);
  await eventually('the number of listeners', total, count);
}

async function says(command: Command, words: string): Promise<void> {
  await eventually(`whether it says "${words}"`, () => command.output.includes(words) || command.output, true);
}
