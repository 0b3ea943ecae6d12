import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { Workshop } from './workshop.js';

const LIVE = /\+ bot\.ts v1 \[\d+\] is live, [\d.]+ ms after its start; bot: gap [\d.]+ ms, 0 events held\n/;

describe('a script under --watch', () => {
  it('is handed over to its new version at each save, and each line is answered once', async () => {
    await using workshop = await Workshop.open('saves');
    workshop.write('v1');
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    await workshop.feed.start(5);
    for (let n = 2; n <= 4; n++) {
      workshop.write(`v${n}`);
      await runner.prints(new RegExp(`bot\\.ts v${n}: bot\\.ts changed\n[^]*\\+ bot\\.ts v${n} \\[\\d+\\] has taken over from v${n - 1} \\[\\d+\\], .* bot: gap [\\d.]+ ms, \\d+ events? held\n`), 'stderr');
      await runner.prints(new RegExp(`- bot\\.ts v${n - 1} \\[\\d+\\] has finished`), 'stderr');
    }
    await workshop.feed.stop();
    await workshop.answeredBy('v4');
    const by = await workshop.answers();
    expect(by.slice(1)).toHaveLength(await workshop.feed.said);
    expect([...new Set(by.slice(1))]).toEqual(['v1', 'v2', 'v3', 'v4']);
    expect(by.slice(1).includes(undefined as never)).toBe(false);
    runner.signal('SIGINT');
    expect(await runner.outcome()).toMatchObject({ code: 0, stdout: '' });
  });

  it('watches what it imports and requires, wherever that is, and what it looks for in vain', async () => {
    await using workshop = await Workshop.open('imports');
    const { stage } = workshop;
    stage.file('lib/deep.ts', 'export const deep: string = "deep";');
    stage.file('lib/index.ts', 'export { deep } from "./deep.js";');
    stage.file('old.cjs', 'exports.data = require("./old-data.json");');
    stage.file('old-data.json', '{}');
    stage.file('.env', 'WORD=one');
    const imports = { before: 'import { deep } from "./lib/index.js"; import old from "./old.cjs"; void [deep, old];' };
    workshop.write('v1', imports);
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    const touched: [file: string, text: string][] = [
      ['lib/deep.ts', 'export const deep: string = "deeper";'], ['old.cjs', 'exports.data = require("./old-data.json"); // saved'],
      ['old-data.json', '{ "a": 1 }'], ['.env', 'WORD=two'], ['package.json', '{ "type": "module", "name": "mine" }'],
    ];
    for (const [n, [file, text]] of touched.entries()) {
      stage.file(file, text);
      await runner.prints(new RegExp(`bot\\.ts v${n + 2}: ${file} changed\n[^]*v${n + 2} \\[\\d+\\] has taken over`), 'stderr');
    }
    workshop.write('late', { before: 'import { late } from "./late.js"; void late;' });
    await runner.prints(/v7 \[\d+\] did not start: .*late\.js.* \(exit code 1\); v6 \[\d+\] goes on/, 'stderr');
    stage.file('late.ts', 'export const late = 1;');
    await runner.prints(/bot\.ts v8: late\.ts changed\n[^]*v8 \[\d+\] has taken over from v6/, 'stderr');
    await workshop.answeredBy('late');
  });

  it('goes by paths: a folder that another takes the place of has changed, and is watched', async () => {
    await using workshop = await Workshop.open('folders');
    const { stage } = workshop;
    stage.file('built/part.ts', 'export const part = 1;');
    workshop.write('bot', { before: 'import { part } from "./built/part.js"; console.log("part", part);' });
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    stage.file('next/part.ts', 'export const part = 2;');
    renameSync(join(stage.directory, 'built'), join(stage.directory, 'old'));
    renameSync(join(stage.directory, 'next'), join(stage.directory, 'built'));
    await runner.prints(/part 2\n/);
    stage.file('built/part.ts', 'export const part = 3;');
    await runner.prints(/part 3\n/);
  });

  it('is sent away while it starts without a word, if it is saved again', async () => {
    await using workshop = await Workshop.open('away');
    workshop.write('v1');
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    workshop.write('v2', { after: 'console.log("v2 is on its way"); for (;;) { await pause(1); feed.on("line", () => {}); }' });
    await runner.prints(/v2 is on its way\n/);
    workshop.write('v3');
    await runner.prints(/v3 .* has taken over from v1/, 'stderr');
    await runner.prints(/v1 \[\d+\] has finished/, 'stderr');
    expect(runner.stderr).not.toMatch(/Error|v2 \[/);
  });

  it('may be CommonJS, which cannot wait at its top level, and is the main module', async () => {
    await using workshop = await Workshop.open('commonjs');
    const script = (by: string): string => `
      console.log(require.main === module);
      require('dynobot').connect().then(({ services: { feed } }) => feed.on('line', (line) => feed.answer(line, '${by}')));
    `;
    workshop.stage.file('bot.cjs', script('v1'));
    const runner = workshop.start('bot.cjs', '--host', 'commonjs', '--watch');
    await runner.prints(/v1 \[\d+\] is live, .* bot: gap/, 'stderr');
    workshop.stage.file('bot.cjs', script('v2'));
    await runner.prints(/v2 \[\d+\] has taken over from v1 .* bot: gap/, 'stderr');
    await workshop.answeredBy('v2');
    expect(runner.stdout).toBe('true\ntrue\n');
  });

  it('gets what .env says, under what the environment says, anew for each version', async () => {
    await using workshop = await Workshop.open('dotenv');
    workshop.stage.env['SET'] = 'outside';
    workshop.stage.file('.env', 'WORD=one\nSET=inside');
    workshop.write('v1', { before: 'console.log(process.env.WORD, process.env.SET, process.env.DYNOBOT_ROLE);' });
    const runner = workshop.run('--watch');
    await runner.prints(/^one outside undefined\n/);
    await runner.prints(LIVE, 'stderr');
    workshop.stage.file('.env', 'WORD=two');
    await runner.prints(/\ntwo outside undefined\n/);
    await runner.prints(/v2 .* has taken over/, 'stderr');
  });

  it('hands its state over, and leaves it with the host when it ends', async () => {
    await using workshop = await Workshop.open('state');
    const state = { after: 'const { previous } = await connection.ready<number>(); const count = (previous ?? 0) + 1; console.log("count", count); connection.onHandover(() => count);' };
    workshop.write('v1', state);
    const runner = workshop.run('--watch');
    await runner.prints(/count 1\n/);
    await runner.prints(LIVE, 'stderr');
    workshop.write('v2', state);
    await runner.prints(/count 2\n/);
    await runner.prints(/v2 .* state handed over/, 'stderr');
    runner.signal('SIGTERM');
    expect(await runner.outcome()).toMatchObject({ code: 0 });
    const next = workshop.run('--watch');
    await next.prints(/count 3\n/);
    await next.prints(/v1 .* is live, .* state saved\n/, 'stderr');
  });
});

describe('an onHandover that throws', () => {
  it('keeps neither the cure out, nor ends what is in hand', async () => {
    await using workshop = await Workshop.open('stateless');
    workshop.write('v1', { after: 'connection.onHandover(() => { throw new Error("no idea"); }); feed.on("line", async (line) => { await pause(1500); feed.answer(line, "slow"); });' });
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    await workshop.feed.say();
    await eventually('the answers', async () => (await workshop.feed.answers()).length, 1);
    workshop.write('v2');
    await runner.prints(/DynobotWarning: the handover: no idea/, 'stderr');
    await runner.prints(/v2 .* has taken over .*, without its state: no idea/, 'stderr');
    await eventually('the answers', async () => (await workshop.feed.answers()).map(({ by }) => by), ['v1', 'slow']);
  });
});

describe('what a script knows', () => {
  it('is its instance', async () => {
    await using workshop = await Workshop.open('instances');
    workshop.write('v1', { after: 'console.log(`I am ${connection.instance}.`);' });
    const runner = workshop.run('--instances', '2');
    await runner.prints(/I am 1\./);
    await runner.prints(/I am 2\./);
  });

  it('is the only live host, if nobody names one', async () => {
    await using workshop = await Workshop.open('only');
    workshop.write('v1');
    const runner = workshop.start('bot.ts', '--watch');
    await runner.prints(LIVE, 'stderr');
  });

  it('may be a host that only the script knows: the runner tells of its turn all the same', async () => {
    await using workshop = await Workshop.open('known');
    await workshop.stage.host('another');
    workshop.stage.file('bot.ts', 'import { connect } from "dynobot"; const { services } = await connect<any>("known"); services.feed.on("line", () => {});');
    const runner = workshop.start('bot.ts', '--watch');
    await runner.prints(LIVE, 'stderr');
  });
});

describe('the end of a runner', () => {
  it('lets what is in hand be finished, and parks what comes', async () => {
    await using workshop = await Workshop.open('ctrl-c');
    workshop.write('v1', { after: 'feed.on("line", async (line) => { await pause(300); feed.answer(line, "slow"); });' });
    const runner = workshop.run('--role', 'slow');
    await runner.prints(/v1 .* is live/, 'stderr');
    await workshop.feed.say();
    await eventually('the answers', async () => (await workshop.feed.answers()).length, 1);
    runner.signal('SIGINT');
    expect(await runner.outcome()).toMatchObject({ code: 0 });
    expect(await workshop.feed.answers()).toEqual([{ line: 1, by: 'v1' }, { line: 1, by: 'slow' }]);
    await workshop.feed.say();
    const next = workshop.run('--role', 'slow');
    await next.prints(/slow: gap [\d.]+ ms, 1 event held/, 'stderr');
    await eventually('the answers', async () => (await workshop.feed.answers()).length, 4);
  });

  it.each([['on("SIGTERM"', 'process.exit()'], ['once("SIGTERM"', '']])('lets a script that listens for SIGTERM have it: process.%s, …)', async (listen, end) => {
    await using workshop = await Workshop.open('sigterm');
    const after = `process.${listen}, () => { console.log('put in order', connection.instance === ''); ${end} });`;
    workshop.write('v1', { after });
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    workshop.write('v2', { after });
    await runner.prints(/put in order true\n/);
    await runner.prints(/v1 .* has finished, \d/, 'stderr');
    await runner.prints(/v2 .* has taken over/, 'stderr');
    runner.signal('SIGTERM');
    await runner.prints(/put in order true\nput in order true\n/);
    expect(await runner.outcome()).toMatchObject({ code: 0 });
  });

  it('kills at the second signal', async () => {
    await using workshop = await Workshop.open('twice');
    workshop.write('v1', { after: 'connection.on("retire", ({ until }) => { console.log("retiring"); until(new Promise(() => {})); });' });
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    runner.signal('SIGINT');
    await runner.prints(/retiring\n/);
    runner.signal('SIGINT');
    expect(await runner.outcome()).toMatchObject({ code: 130 });
  });

  it('leaves no process behind when it is killed itself', async () => {
    await using workshop = await Workshop.open('orphans');
    workshop.write('v1', { after: 'setInterval(() => {}, 1000);' });
    const runner = workshop.run('--watch');
    await runner.prints(LIVE, 'stderr');
    const [bot] = (await workshop.stage.sessions('orphans')).filter(({ client }) => client === 'bot.ts');
    runner.signal('SIGKILL');
    await eventually('whether the bot is there', () => isAlive(bot!.pid), false);
  });
});

describe('several processes', () => {
  it('share a role, and are replaced all, after the first has shown that the new version will do', async () => {
    await using workshop = await Workshop.open('instances');
    workshop.write('v1');
    const runner = workshop.run('--watch', '--instances', '3');
    for (const n of [1, 2, 3]) await runner.prints(new RegExp(`v1 #${n} \\[\\d+\\] is live`), 'stderr');
    await workshop.feed.start(2);
    workshop.write('broken', { before: 'throw new Error("no");' });
    await runner.prints(/v2 #1 \[\d+\] did not start: Error: no \(exit code 1\); v1 #1 \[\d+\] goes on/, 'stderr');
    workshop.write('v3');
    for (const n of [1, 2, 3]) await runner.prints(new RegExp(`v3 #${n} \\[\\d+\\] has taken over from v1 #${n}`), 'stderr');
    await workshop.feed.stop();
    await workshop.answeredBy('v3');
    const lines = (await workshop.feed.answers()).map(({ line }) => line).sort((a, b) => a - b);
    expect(lines).toEqual(Array.from({ length: await workshop.feed.said }, (_, n) => n + 1));
    expect(runner.stderr).not.toMatch(/v2 #[23]/);
  });

  it('of several scripts have a role each', async () => {
    await using workshop = await Workshop.open('scripts');
    workshop.write('bot');
    workshop.stage.file('echo.ts', 'import { connect } from "dynobot"; const { services } = await connect<any>(); services.feed.on("line", (line: number) => console.log("echo", line));');
    const runner = workshop.start('bot.ts', 'echo.ts', '--host', 'scripts', '--watch');
    await runner.prints(/bot\.ts v1 [^]*bot: gap/, 'stderr');
    await runner.prints(/echo\.ts v1 [^]*echo: gap/, 'stderr');
    await workshop.answeredBy('bot');
    await runner.prints(/^echo 1\n/);
    workshop.write('bot 2');
    await runner.prints(/bot\.ts v2 .* has taken over/, 'stderr');
    expect(runner.stderr).not.toMatch(/echo\.ts v2/);
  });
});

describe('a host under a runner', () => {
  it('is waited for, and may be restarted', async () => {
    await using workshop = await Workshop.open('restarts');
    const { stage } = workshop;
    workshop.write('v1');
    const early = workshop.start('bot.ts', '--host', 'later', '--watch');
    await early.prints(/\. later is not there; waiting for it up to 30 s\n/, 'stderr');
    const later = await stage.host('later', stage.file('later.mjs', 'import { EventEmitter } from "node:events"; export const feed = new EventEmitter(); feed.say = () => feed.emit("line", 1); feed.answer = (line, by) => console.log("answered", by);'));
    await early.prints(LIVE, 'stderr');
    await stage.run('call', '--host', 'later', 'feed', 'say');
    await later.prints(/answered v1\n/);
    later.signal('SIGKILL');
    await early.prints(/! later has gone; waiting for it to come back\n/, 'stderr');
    stage.forget('later');
    const again = await stage.host('later', 'later.mjs');
    await early.prints(/\+ later is back\n/, 'stderr');
    await again.prints(/ has its turn/);
    await stage.run('call', '--host', 'later', 'feed', 'say');
    await again.prints(/answered v1\n/);
    workshop.write('v2');
    await early.prints(/v2 \[\d+\] has taken over from v1/, 'stderr');
    await stage.run('call', '--host', 'later', 'feed', 'say');
    await again.prints(/answered v2\n/);
    early.signal('SIGINT');
    expect(await early.outcome()).toMatchObject({ code: 0 });
  });

  it('whose turn another runner takes is left to that', async () => {
    await using workshop = await Workshop.open('ousted');
    workshop.write('first');
    const first = workshop.run('--watch');
    await first.prints(LIVE, 'stderr');
    workshop.stage.file('elsewhere/bot.ts', 'import { connect } from "dynobot"; const { services } = await connect<any>(); services.feed.on("line", (line: number) => services.feed.answer(line, "second"));');
    const second = workshop.start('elsewhere/bot.ts', '--host', 'ousted', '--watch');
    await second.prints(/is live/, 'stderr');
    await first.prints(/v1 \[\d+\] has ended: another process, which was not started here, has taken its turn; waiting for a save\n/, 'stderr');
    await workshop.answeredBy('second');
  });
});

it('explains wrong usage', async () => {
  await using workshop = await Workshop.open('usage');
  const { stage } = workshop;
  workshop.write('v1');
  expect(await stage.run('run', 'bot.ts', 'word', '--watch')).toMatchObject({ code: 2, stderr: 'error: There is no file word\n' });
  expect(await stage.run('run', 'bot.ts', '--instances', 'many')).toMatchObject({ code: 2 });
  expect(await stage.run('run', 'bot.ts', 'bot.ts', '--role', 'one')).toMatchObject({ code: 2, stderr: expect.stringContaining('A role is for one script') as string });
  expect(await stage.run('run', 'bot.ts', '--host', 'no such', '--watch')).toMatchObject({ code: 2 });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
