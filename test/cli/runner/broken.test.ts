import { describe, expect, it } from 'vitest';
import type { Command } from '../command.js';
import { Workshop } from './workshop.js';

interface Broken {
  kind: string;
  before?: string;
  after?: string;
  /** What the report says. */
  report: RegExp;
  /** The line of code that the report shows. */
  line?: RegExp;
}

const UNREADY: Broken[] = [
  { kind: 'a syntax error', before: 'const x = ;', report: /TransformError: Unexpected ";" \(exit code 1\)/, line: /bot\.ts:4 {2}const x = ;/ },
  { kind: 'an error of TypeScript', before: 'const x: = 3;', report: /TransformError: .*\(exit code 1\)/, line: /bot\.ts:4 {2}const x: = 3;/ },
  { kind: 'a throw at its top level', before: 'throw new Error("bad day");', report: /Error: bad day \(exit code 1\)/, line: /bot\.ts:4 {2}throw new Error\("bad day"\);/ },
  { kind: 'a throw after it has connected', after: 'throw new RangeError("too far");', report: /RangeError: too far \(exit code 1\)/, line: /bot\.ts:\d+ {2}throw new RangeError/ },
  { kind: 'a throw of what is no error', after: 'throw "static";', report: /Error: static was thrown \(exit code 1\)/ },
  { kind: 'a throw of an object', after: 'throw { code: 5 };', report: /Error: { code: 5 } was thrown \(exit code 1\)/ },
  { kind: 'a throw of what cannot be looked at', after: 'throw Object.defineProperty(new Error(), "message", { get() { throw new Error("no"); } });', report: /something that cannot be looked at was thrown/ },
  { kind: 'an exit', before: 'process.exit(0);', report: /it exited with code 0/ },
  { kind: 'an exit with a code', after: 'process.exit(3);', report: /it exited with code 3/ },
  { kind: 'a signal to itself', after: 'process.kill(process.pid, "SIGKILL"); await pause(1000);', report: /it was killed by SIGKILL/ },
  { kind: 'an abort', after: 'process.abort();', report: /it was killed by SIGABRT/ },
  { kind: 'a promise that nobody waits for', before: 'void Promise.reject(new Error("forgotten"));', after: 'await pause(1000);', report: /Error: forgotten \(exit code 1\)/, line: /bot\.ts:4 / },
  { kind: 'a throw in a timer', before: 'setTimeout(() => { throw new Error("later"); }, 50);', after: 'await pause(1000);', report: /Error: later \(exit code 1\)/, line: /bot\.ts:4 / },
  { kind: 'a check that answers false', after: 'await connection.ready({ check: () => false });', report: /DynobotError: the health check failed: the health check has answered false \(exit code 1\)/ },
  { kind: 'a check that throws', after: 'await connection.ready({ check: () => { throw new Error("unwell"); } });', report: /DynobotError: the health check failed: unwell \(exit code 1\)/ },
  { kind: 'a check that takes too long', after: 'await connection.ready({ check: () => new Promise(() => {}), timeout: 100 });', report: /the health check failed: .*100 ms/ },
  { kind: 'an import of what is not there', before: 'import { nothing } from "./nothing.js"; void nothing;', report: /Error: Cannot find module .*nothing\.js.* \(exit code 1\)/ },
  { kind: 'an import of a package that is not installed', before: 'import "not-installed-anywhere";', report: /Error: Cannot find package 'not-installed-anywhere'/ },
  { kind: 'an import of a name that is not exported', before: 'import { nothing } from "node:fs"; void nothing;', report: /SyntaxError: .*nothing/ },
  { kind: 'an error in what it imports', before: 'import "./wrong.mjs";', report: /TypeError: .*\(exit code 1\)/, line: /wrong\.mjs:2 {2}null\.toString\(\);/ },
  { kind: 'a host that is not there', after: 'await connect("nobody-here");', report: /DynobotError: .*nobody-here.*\(exit code 1\)/, line: /await connect\("nobody-here"\)/ },
  { kind: 'a service that is not there', after: '(connection.services as any).nothing.on("x", () => {});', report: /DynobotError: .* has no service "nothing".*\(exit code 1\)/ },
  { kind: 'recursion without end', after: 'const f = (): number => f() + 1; f();', report: /RangeError: Maximum call stack size exceeded/ },
  { kind: 'JSON that is none', after: 'JSON.parse("{");', report: /SyntaxError: .*\(exit code 1\)/ },
  { kind: 'nothing to wait for at its top level', before: 'await new Promise(() => {});', report: /it exited with code 13/ },
];

describe(`${UNREADY.length} successors that do not get ready`, () => {
  it('change nothing: the old one answers every line, and each failure is reported', { timeout: 120_000 }, async () => {
    await using workshop = await Workshop.open('unready');
    workshop.stage.file('wrong.mjs', '\nnull.toString();\n');
    workshop.write('good');
    const runner = workshop.run('--watch');
    await runner.prints(/v1 \[\d+\] is live/, 'stderr');
    await workshop.feed.start(10);
    for (const [n, { kind, report, line, ...code }] of UNREADY.entries()) {
      workshop.write(kind, code);
      const version = `bot\\.ts v${n + 2} \\[\\d+\\]`;
      const said = await runner.prints(new RegExp(`${version} did not start: [^\n]*; v1 \\[\\d+\\] goes on\n( {11}[^\n]*\n)?`), 'stderr');
      const about = said.slice(said.search(new RegExp(`${version} did not start`)));
      expect(about, kind).toMatch(report);
      if (line !== undefined) expect(about, kind).toMatch(line);
    }
    await workshop.feed.stop();
    await workshop.answeredBy('good');
    const by = (await workshop.answers()).slice(1);
    expect(by).toEqual(Array.from({ length: await workshop.feed.said }, () => 'good'));
    workshop.write('mended');
    await runner.prints(/has taken over from v1 \[\d+\]/, 'stderr');
    await workshop.answeredBy('mended');
  });

  it('are killed after the deadline', { timeout: 120_000 }, async () => {
    const kinds = ['setInterval(() => {}, 1000); await new Promise(() => {});', 'for (;;);', 'await connection.ready({ check: () => new Promise(() => {}) });'];
    await Promise.all(kinds.map(async (after, n) => {
      await using workshop = await Workshop.open(`late-${n}`);
      workshop.write('good');
      const runner = workshop.run('--watch', '--deadline', '5');
      await runner.prints(/v1 \[\d+\] is live/, 'stderr');
      workshop.write('late', { after });
      await runner.prints(/v2 \[\d+\] did not start: it was not ready within 5000 ms; v1 \[\d+\] goes on/, 'stderr');
      await workshop.answeredBy('good');
    }));
  });

  it('are not started again when there is no old one and they can never run; a save is waited for', async () => {
    await using workshop = await Workshop.open('first');
    workshop.write('broken', { before: 'const x = ;' });
    const runner = workshop.run('--watch');
    await runner.prints(/v1 \[\d+\] did not start: TransformError: [^\n]*\n[^\n]*\n[^\n]*v1 cannot run; waiting for a save\n/, 'stderr');
    workshop.write('good');
    await runner.prints(/v2 \[\d+\] is live/, 'stderr');
    await workshop.answeredBy('good');
    workshop.write('good', { before: 'const x = ;' });
    const once = workshop.run('--role', 'other');
    expect(await once.outcome()).toMatchObject({ code: 1, stderr: expect.stringMatching(/v1 cannot run\n$/) as string });
  });

  const MISUSED = [
    { after: 'await connect("misused", { timeuot: 5 } as never);', report: /DynobotError: connect\(\) knows no option timeuot/ },
    { after: 'await connect(5 as never);', report: /DynobotError: connect\(\) takes/ },
    { after: 'await connect("no/../name?");', report: /DynobotError: / },
    { before: 'import { connectSync } from "dynobot/sync"; connectSync();', report: /DynobotError: connectSync\(\) takes no turns in a role/ },
    {
      before: 'import { createServer } from "node:net"; createServer((socket) => socket.write(`[[0,"dynobot",99,{}]]\\n`)).listen("./newer.sock");',
      after: 'await connect(`${process.cwd()}/newer.sock`);', report: /DynobotError: .*version 99/,
    },
    { before: 'import { createRequire } from "node:module"; createRequire(import.meta.url)("./wrong.json");', report: /SyntaxError: .*wrong\.json/ },
  ];
  const ANOTHER_TIME = [
    { before: 'JSON.parse("{");', report: /SyntaxError: / },
    { after: 'await connect("nobody-here");', report: /DynobotError: Nobody hosts/ },
  ];

  it('are not started again either when they use dynobot wrongly; what may be otherwise the next time is tried again', { timeout: 120_000 }, async () => {
    await using workshop = await Workshop.open('misused');
    workshop.stage.file('wrong.json', '{');
    const runner = workshop.run('--watch');
    let version = 0;
    for (const [kinds, ends] of [[MISUSED, 'cannot run; waiting for a save'], [ANOTHER_TIME, 'starts again in 250 ms']] as const) {
      for (const { report, ...code } of kinds) {
        workshop.write('broken', code);
        const said = await runner.prints(new RegExp(`v${++version} \\[\\d+\\] did not start: [^\n]*\n( {11}[^\n]*\n)?[^\n]*v${version} [^\n]*\n`), 'stderr');
        const about = said.slice(said.search(new RegExp(`v${version} \\[\\d+\\] did not start`)));
        expect(about).toMatch(report);
        expect(about).toContain(`v${version} ${ends}`);
      }
    }
  });

  it('end a run that nobody watches at once', async () => {
    await using workshop = await Workshop.open('at-once');
    const ended = { code: 1, stderr: expect.stringMatching(/no option timeuot[^]*v1 cannot run\n$/) as string };
    workshop.write('broken', MISUSED[0]);
    expect(await workshop.run('--role', 'other').outcome()).toMatchObject(ended);
    // Nobody waits for it, and so it is loaded before it has failed.
    workshop.stage.file('main.ts', 'import { connect } from "dynobot"; async function main() { await connect("at-once", { timeuot: 5 } as never); } void main();');
    expect(await workshop.start('main.ts', '--host', 'at-once', '--role', 'other').outcome()).toMatchObject(ended);
  });
});

describe('successors that crash when they have taken over', () => {
  const bad = 'setTimeout(() => { throw new Error("soon"); }, 100);';

  it('are started again, five times in all, and given up until the next save', { timeout: 120_000 }, async () => {
    await using workshop = await Workshop.open('crashes');
    workshop.write('good');
    const runner = workshop.run('--watch');
    await runner.prints(/v1 \[\d+\] is live/, 'stderr');
    await workshop.feed.start(10);
    workshop.write('bad', { after: bad });
    await runner.prints(/v2 \[\d+\] has taken over from v1/, 'stderr');
    const said = await runner.prints(/v2 has crashed 5 times, each time soon after its start: it is given up; waiting for a save\n/, 'stderr');
    expect(said.match(/! bot\.ts v2 \[\d+\] crashed \d+ m?s after its start: Error: soon \(exit code 1\)\n {11}bot\.ts:\d+ {2}setTimeout/g)).toHaveLength(5);
    expect(said.match(/v2 starts again in \d+ ms/g)).toEqual([250, 500, 1000, 2000].map((ms) => `v2 starts again in ${ms} ms`));
    expect(said.match(/v1 \[\d+\] is live/g)).toHaveLength(1);
    workshop.write('mended');
    await runner.prints(/v3 \[\d+\] is live, .* gap \d+ ms, \d+ events? held/, 'stderr');
    await workshop.feed.stop();
    await workshop.answeredBy('mended');
    await expectOnlyToldLosses(workshop, runner);
  });

  it('are live when they have asked for their turn themselves, whatever they do before they are loaded', async () => {
    await using workshop = await Workshop.open('asked');
    workshop.write('good');
    const runner = workshop.run('--watch', '--deadline', '5');
    await runner.prints(/v1 \[\d+\] is live/, 'stderr');
    workshop.write('slow', { after: 'await connection.ready(); await pause(1000); console.log("loaded");' });
    await runner.prints(/v2 \[\d+\] has taken over from v1/, 'stderr');
    await runner.prints(/v1 \[\d+\] has finished/, 'stderr');
    expect(runner.stdout).toBe('');
    await runner.prints(/loaded/);
    workshop.write('bad', { after: 'await connection.ready(); throw new Error("too early");' });
    const said = await runner.prints(/v3 starts again/, 'stderr');
    expect(said).toMatch(/v3 \[\d+\] has taken over from v2 [^]*v3 \[\d+\] crashed \d+ ms after its start: Error: too early \(exit code 1\)/);
    expect(said).not.toMatch(/another process|did not start/);
  });

  it.each([
    ['by a promise', 'setTimeout(() => void Promise.reject(new Error("promised")), 50);', /Error: promised \(exit code 1\)/],
    ['at their first event', 'feed.on("line", () => { throw new Error("that line"); });', /Error: that line \(exit code 1\)/],
    ['by an exit', 'setTimeout(() => process.exit(0), 50);', /it exited with code 0/],
  ])('%s are reported, and mended by a save', { timeout: 120_000 }, async (_, after, report) => {
    await using workshop = await Workshop.open('crash');
    workshop.write('good');
    const runner = workshop.run('--watch');
    await runner.prints(/v1 \[\d+\] is live/, 'stderr');
    await workshop.feed.start(10);
    workshop.write('bad', { after });
    expect(await runner.prints(/v2 \[\d+\] crashed .*\n[^]*v2 starts again/, 'stderr')).toMatch(report);
    workshop.write('mended');
    await runner.prints(/v3 \[\d+\] (is live|has taken over)/, 'stderr');
    await workshop.feed.stop();
    await workshop.answeredBy('mended');
    await expectOnlyToldLosses(workshop, runner);
  });
});

/** What a crashed process had in hand is lost, and named; all else is answered, once and in order. */
async function expectOnlyToldLosses(workshop: Workshop, runner: Command): Promise<void> {
  const by = await workshop.answers();
  const unanswered = Array.from({ length: await workshop.feed.said }, (_, n) => n + 1).filter((line) => by[line] === undefined);
  const lost = [...runner.stderr.matchAll(/(\d+) events? that v2 \[\d+\] had in hand lost/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  expect(unanswered.length).toBeLessThanOrEqual(lost);
}
