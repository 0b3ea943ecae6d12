import type { Actor } from './actor.js';
import { Chat } from './chat.js';
import { Company } from './company.js';
import type { Person } from './person.js';
import { proveClean, proveFromHistory, proveFromMoves, type Claim } from './proof.js';
import { alarm, heading, remark, tell, verdict } from './screen.js';
import { setUp, type Stage } from './stage.js';
import { showTables, type Tables } from './tables.js';

/** What each of them says. */
const BOTS = ['v1 counts', 'v2 counts', 'v1: ', 'v2: ', 'v3: '];

/** How many answers of a version are waited for before the next one is saved. On a real network people are slow. */
const LINES = { own: 40, elsewhere: 2 };

/** Plays it from beginning to end. True if everything that it is to show has been proved. */
export async function play(address: string | undefined): Promise<boolean> {
  const stage = await setUp(address);
  const company = new Company(stage);
  try {
    const claims = await tellStory(stage, company);
    heading(stage.own === undefined ? 'Proved by what alice saw' : "Proved from the IRC server's own log");
    for (const { claim, holds, evidence } of claims) verdict(claim, holds, evidence);
    return claims.every(({ holds }) => holds);
  } finally {
    await company.end();
  }
}

async function tellStory(stage: Stage, company: Company): Promise<Claim[]> {
  const { own, address, nick, channel } = stage;
  heading('The connection');
  tell('server', own === undefined ? address : `an IRC server of the demo's own, on ${address}`);
  const alice = await company.enter('alice');
  const host = await company.startHost();
  tell('host', `process ${host.pid} holds the connection: it is ${nick} in ${channel}`);
  const before = await look(company);

  heading('Bot v1');
  const v1 = company.startBot(1);
  tell('bot v1', `starts as process ${v1.pid}`);
  await alice.hears('bot v1 is here');
  await alice.asks('!hello', `hello ${alice.nick}, this is bot v1`);
  await alice.asks('!count 9', 'v1 counts: 3');
  await look(company);

  heading('Killed in mid-conversation');
  const afterV1 = await kill(company, v1);
  tell('whois', `${nick} is in ${await alice.whereIs(nick)}, as if nothing had happened`);

  heading('Bot v2');
  const v2 = company.startBot(2);
  tell('bot v2', `starts as process ${v2.pid}`);
  await alice.hears('bot v2 is here');
  await alice.asks('!hello', `hello ${alice.nick}, this is bot v2`);
  await alice.asks('!count 3', 'v2 counts: 3');
  await look(company);
  const afterV2 = await kill(company, v2);

  const answered = await editWhileTheyChat(stage, company, alice);
  const stayed = own === undefined ? proveFromMoves(alice.moves, nick) : proveFromHistory(own.history.entries, nick, BOTS, 2);
  return [...stayed, proveClean(before, [afterV1, afterV2]), ...answered];
}

/** The bot's file is saved under the watcher, twice, while two people talk to it. */
async function editWhileTheyChat({ own, nick, patience }: Stage, company: Company, alice: Person): Promise<Claim[]> {
  heading('Edited while two users chat');
  const bob = await company.enter('bob');
  const workshop = company.openWorkshop();
  workshop.save(1);
  await workshop.run();
  const lines = own === undefined ? LINES.elsewhere : LINES.own;
  const chat = new Chat([alice, bob], nick, own !== undefined);
  tell('chat', `${alice.nick} and ${bob.nick} talk to the bot, all the time`);
  await chat.answeredBy('v1', patience, lines);
  for (const version of [2, 3]) {
    const start = performance.now();
    workshop.save(version);
    await chat.answeredBy(`v${version}`, patience, 1);
    const ms = Math.round(performance.now() - start);
    await workshop.says(`v${version} [`);
    remark(`v${version} gave its first answer ${ms} ms after its file was saved`);
    await chat.answeredBy(`v${version}`, patience, lines);
  }
  await chat.end(patience);
  return chat.prove(['v1', 'v2', 'v3']);
}

async function look(company: Company): Promise<Tables> {
  const tables = await company.tables();
  showTables(tables);
  return tables;
}

async function kill(company: Company, bot: Actor): Promise<Tables> {
  alarm('SIGKILL', `process ${bot.pid}`);
  const ms = await company.kill(bot);
  remark(`${Math.round(ms)} ms later nothing of it is left in the host`);
  return look(company);
}
