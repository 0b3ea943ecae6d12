import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Stage } from './stage.js';

describe('dynobot ls', () => {
  it('lists live hosts with services and sessions, and names stale sockets', async () => {
    await using stage = new Stage();
    expect(await stage.run('ls')).toEqual({ code: 0, stdout: 'No hosts.\n', stderr: '' });
    const alive = await stage.host('alive');
    const dead = await stage.host('dead');
    stage.forget('dead');
    await dead.end();
    expect(await stage.json('ls')).toEqual([
      { name: 'alive', path: expect.stringContaining('alive.sock') as string, state: 'live', pid: alive.process.pid, age: expect.any(Number) as number,
        services: expect.arrayContaining(['radio', 'add']) as string[], sessions: 0 },
      { name: 'dead', path: expect.stringContaining('dead.sock') as string, state: 'stale' },
    ]);
    const { stdout, stderr } = await stage.run('ls');
    expect(stderr).toBe('1 stale socket: dynobot ls --prune removes it\n');
    expect(stdout).toMatch(new RegExp(`^NAME .*\nalive +${alive.process.pid} +\\d+ m?s +0 .*radio.*\ndead .*stale: .*dead\\.sock.*\n$`));
  });
});

describe('a host that exits', () => {
  it.each(['process.exit(0)', 'throw new Error("soon")'])('by %s leaves no socket', async (end) => {
    await using stage = new Stage();
    stage.file('soon.mjs', `export const x = () => {}; export const end = () => void setImmediate(() => { ${end}; });`);
    const host = await stage.host('soon', 'soon.mjs');
    stage.forget('soon');
    await stage.run('call', 'end');
    await host.outcome();
    expect(await stage.json('ls')).toEqual([]);
  });
});

describe('dynobot ls --prune', () => {
  it('removes the sockets of dead hosts, and of no others', async () => {
    await using stage = new Stage();
    await stage.host('alive');
    const dead = await stage.host('dead');
    stage.forget('dead');
    await dead.end();
    expect(await stage.json('ls', '--prune')).toMatchObject([{ name: 'alive', state: 'live' }, { name: 'dead', state: 'removed' }]);
    expect(await stage.json('ls', '--prune')).toMatchObject([{ name: 'alive', state: 'live' }]);
    expect(await stage.run('call', '--host', 'alive', 'radio', 'station')).toMatchObject({ code: 0 });
  });

  it('is not needed to read which hosts there are', async () => {
    await using stage = new Stage();
    await stage.host('alive');
    const directory = dirname(((await stage.json('ls')) as { path: string }[])[0]!.path);
    for (let n = 0; n < 12; n++) writeFileSync(join(directory, `no-socket-${n}.sock`), '');
    expect(await stage.run('inspect', 'nobody')).toMatchObject({ stderr: expect.stringMatching(/Names here: alive\. Of 12 more only the socket is left: dynobot ls --prune removes those of dead hosts\. /) as string });
  });
});

describe('dynobot forget', () => {
  it('ends a role that nobody comes for any more, and no other', async () => {
    await using stage = new Stage();
    stage.file('feed.mjs', 'import { EventEmitter } from "node:events"; export const feed = new EventEmitter(); export const emit = (n) => feed.emit("line", n); export const listeners = () => feed.listenerCount("line");');
    const host = await stage.host('feed', 'feed.mjs');
    const job = await stage.client('feed', 'job');
    job.services.feed!.on('line', () => {});
    await job.ready();
    expect(await stage.run('forget', 'job')).toMatchObject({ code: 1, stderr: expect.stringMatching(/there are processes in the role job.*ERR_DYNOBOT_ROLE/) as string });
    await job.close();
    await stage.run('call', 'emit', '5');
    const { stdout } = await stage.run('inspect', 'feed');
    expect(stdout).toMatch(/job +nobody for \d+ m?s +1 event parked/);
    expect(await stage.run('forget', 'job')).toEqual({ code: 0, stdout: '', stderr: '' });
    await host.prints(/ ! job: 1 event lost:\n {11}feed line \(no\. 1\) 5\n/);
    expect((await stage.report('feed')).roles).toEqual([]);
    expect(await stage.json('call', 'listeners')).toBe(0);
    expect(await stage.run('forget', 'job')).toEqual({ code: 1, stdout: '', stderr: 'error: feed has no role "job"\n' });
  });
});

describe('dynobot inspect', () => {
  it('shows services, sessions, references, listeners by event and by session, pending calls', async () => {
    await using stage = new Stage();
    const host = await stage.host('inspected');
    const listener = stage.start('events', 'radio', 'message');
    await stage.listeners('inspected', 'message', 1);
    const caller = stage.start('call', 'radio', 'hang');
    await eventually('the number of pending calls', async () => (await stage.sessions('inspected')).reduce((sum, { answers }) => sum + answers, 0), 1);

    const report = await stage.report('inspected');
    expect(report).toMatchObject({ name: 'inspected', pid: host.process.pid });
    expect(report.services).toContainEqual({ name: 'radio', class: 'Radio' });
    expect(report.sessions).toHaveLength(2);
    expect(report.sessions.find(({ client }) => client === 'dynobot events')).toMatchObject({
      pid: listener.process.pid, listeners: 1, imports: 1, attached: [{ on: 'radio', event: 'message', count: 1 }],
    });

    const { stdout } = await stage.run('inspect', 'inspected');
    expect(stdout).toMatch(/^inspected {2}process \d+, up /);
    expect(stdout).toMatch(/radio +Radio\n/);
    expect(stdout).toMatch(new RegExp(`dynobot events\\[${listener.process.pid}\\] .* 1 listener .*holds \\d+ references, lends 1`));
    expect(stdout).toMatch(/dynobot call\[\d+\] .* 1 pending call to the host/);
    expect(stdout).toMatch(/radio message +1 +dynobot events \(\d+\): 1\n/);
    expect(stdout).not.toContain('dynobot inspect');

    for (const command of [listener, caller]) await command.end();
  });

  it.each([
    ['nobody', 'nobody', 69, /^error: Nobody hosts 'nobody'.*\(ERR_DYNOBOT_NO_HOST\)\n$/],
    ['what is no name', '../x', 2, /^error: .*\(ERR_DYNOBOT_ADDRESS\)\n$/],
  ])('says in one line that it cannot inspect %s', async (_, host, code, line) => {
    await using stage = new Stage();
    const outcome = await stage.run('inspect', host);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(line);
  });
});
