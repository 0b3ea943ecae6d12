import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Stage } from './stage.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

describe('dynobot host', () => {
  it('hosts every export of a TypeScript module, and says how to connect', async () => {
    await using stage = new Stage();
    const host = await stage.host('exports');
    expect(host.stdout).toMatch(/^hosting [\w, ]+ as exports: connect\("exports"\), or dynobot repl --host exports\n$/);
    expect(servicesOf(host.stdout).sort()).toEqual(['Track', 'add', 'default', 'dispatch', 'radio', 'target']);
    expect(host.stderr).toBe('Not hosted, since neither objects nor functions: version\n');
    expect(await stage.json('call', 'default', 'ping')).toBe('pong');
  });

  it('names host and default export after the file', async () => {
    await using stage = new Stage();
    const host = stage.start('host', stage.file('jukebox.mts', 'export default { ping: (): string => "pong" };'));
    expect(await host.prints(/\n/)).toMatch(/^hosting jukebox as jukebox:/);
    expect(await stage.json('call', 'jukebox', 'ping')).toBe('pong');
  });

  it.each([
    ['with several exports', 'exports.a = {}; exports["b" + 1] = () => {};', 'a, b1'],
    ['whose export is an object of a class', 'module.exports = new (class Jukebox { play() {} })();', 'box'],
    ['whose export is a function', 'module.exports = () => 1;', 'box'],
  ])('hosts a CommonJS module %s', async (_, text, services) => {
    await using stage = new Stage();
    const host = stage.start('host', stage.file('box.cjs', text));
    expect(await host.prints(/\n/)).toMatch(`hosting ${services} as box:`);
  });

  it('hosts TypeScript of a package that is CommonJS', async () => {
    await using stage = new Stage();
    stage.file('package.json', '{}');
    const host = stage.start('host', stage.file('box.ts', 'export const a = { n: 1 as number }; export function b(): void {}'));
    expect(servicesOf(await host.prints(/\n/)).sort()).toEqual(['a', 'b']);
  });

  it('heeds what the module declared with its own copy of the library', async () => {
    await using stage = new Stage();
    const copy = join(stage.directory, 'node_modules/dynobot');
    mkdirSync(copy, { recursive: true });
    for (const part of ['package.json', 'dist']) cpSync(join(PACKAGE, part), join(copy, part), { recursive: true });
    await stage.host('copy', stage.file('own.mjs', `
      import { narrow } from 'dynobot';
      export const safe = narrow({ open: () => 'opened', quit: () => 'gone' }, { deny: ['quit'] });
    `));
    expect(await stage.json('call', 'safe', 'open')).toBe('opened');
    expect(await stage.run('call', 'safe', 'quit')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .*\(ERR_DYNOBOT_DENIED\)\n$/) as string });
  });

  it.each([
    ['a file that is not there', 'nothing.ts', undefined, 2, /^error: There is no file nothing\.ts\n$/],
    ['nothing to host', 'data.mjs', 'export const port = 1;', 1, /^Not hosted.*port\nerror: .* exports nothing that can be hosted.*\n$/],
    ['await at the top level of CommonJS', 'late.ts', 'export const a = await Promise.resolve({});', 1, /^error: .*late\.ts awaits at its top level.*\.mts.*\n$/],
    ['a module that throws', 'bad.mjs', 'export const a = {};\nthrow new Error("bad day");', 1, /bad\.mjs:2\n[^]*Error: bad day/],
    ['a module that cannot be parsed', 'odd.mjs', 'export const = {};', 1, /odd\.mjs:1\n[^]*SyntaxError/],
    ['a name that cannot be one', 'a b.mjs', 'export const a = {};', 2, /^error: "a b" is neither a name.*\n$/],
  ])('explains %s', async (_, path, text, code, message) => {
    await using stage = new Stage();
    if (text !== undefined) stage.file(path, text);
    const outcome = await stage.run('host', path);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(message);
  });

  it('does not run the module when the name is taken', async () => {
    await using stage = new Stage();
    await stage.host('taken');
    const outcome = await stage.run('host', stage.file('second.mjs', 'console.log("logging in"); export const a = {};'), '--name', 'taken');
    expect(outcome).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: Process \d+ hosts taken already.*\(ERR_DYNOBOT_NAME_TAKEN\)\n$/) as string });
  });

  it('publishes an object once that is exported by name and as the default', async () => {
    await using stage = new Stage();
    const both = 'const irc = { nick: "bot" as string }; export { irc }; export default irc;';
    const module = await stage.host('module', stage.file('module.mts', both));
    stage.file('package.json', '{}');
    const commonJs = await stage.host('commonjs', stage.file('commonjs.ts', both));
    expect([module, commonJs].map(({ stdout }) => servicesOf(stdout))).toEqual([['irc'], ['irc']]);
  });

  it('takes options of the host from the export dynobot', async () => {
    await using stage = new Stage();
    stage.file('with.mjs', `
      import { EventEmitter } from 'node:events';
      export const feed = new EventEmitter();
      export const emit = (n) => feed.emit('line', n);
      export const dynobot = { roles: { job: { events: 2 } }, reach: { feed: { deny: ['emit'] } } };
    `);
    expect(servicesOf((await stage.host('with', 'with.mjs')).stdout)).toEqual(['emit', 'feed']);
    expect(await stage.run('call', 'feed', 'emit', 'line')).toMatchObject({ code: 1, stderr: expect.stringContaining('ERR_DYNOBOT_DENIED') as string });
    const job = await stage.client('with', 'job');
    job.services.feed!.on('line', () => {});
    await job.ready();
    await job.close();
    for (const n of ['1', '2', '3', '4', '5']) await stage.run('call', 'emit', n);
    expect((await stage.report('with')).roles).toMatchObject([{ name: 'job', parked: { events: 2 }, dropped: [{ event: 'line', count: 3, reasons: { events: 3 } }] }]);
  });

  it.each([
    ['are none', '"roles"', 2, /with options of the host, such as/],
    ['are not known', '{ role: {} }', 2, /odd.mjs cannot be hosted: .*knows no option role.*ERR_DYNOBOT_ARGUMENT/],
    ['are of a role, and not known', '{ roles: { job: { parkk: 1 } } }', 2, /odd.mjs cannot be hosted: .*the role job knows no option parkk.*ERR_DYNOBOT_ARGUMENT/],
    ['have the name', '{ name: "other" }', 2, /not among the options.*--name/],
  ])('explains options that %s', async (_, options, code, message) => {
    await using stage = new Stage();
    const outcome = await stage.run('host', stage.file('odd.mjs', `export const a = {}; export const dynobot = ${options};`));
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(message);
  });

  it('remarks once upon a role that its options do not declare, while they declare others; so does dynobot run', async () => {
    await using stage = new Stage();
    stage.file('feed.mjs', 'import { EventEmitter } from "node:events"; export const feed = new EventEmitter(); export const dynobot = { roles: { worker: {} } };');
    const host = await stage.host('feed', 'feed.mjs');
    for (const role of ['w', 'worker', 'w']) {
      const client = await stage.client('feed', role);
      await client.ready();
      const { roles } = await stage.report('feed');
      expect(roles.find(({ name }) => name === role)?.declared).toEqual(role === 'w' ? ['worker'] : undefined);
      await client.close();
    }
    const script = stage.file('job.mjs', `import { connect } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}; await connect();`);
    const runner = stage.start('run', script, '--host', 'feed', '--role', 'v');
    await runner.prints(/ \. .*job\.mjs the host's options say nothing of a role v; they declare worker\n/, 'stderr');
    runner.process.kill('SIGTERM');
    await runner.outcome();
    await host.prints(/ \. v: the host's options say nothing of a role v; they declare worker\n/);
    expect(host.stdout.match(/ \. w: the host's options say nothing of a role w; they declare worker\n/g)).toHaveLength(1);
    expect(host.stdout).not.toMatch(/nothing of a role worker/);
  });

  it('prints of a request that is lost what it asks for, and nothing that is in it', async () => {
    await using stage = new Stage();
    stage.file('web.mjs', `
      import { createServer } from 'node:http';
      export const web = createServer().listen(0, '127.0.0.1');
      export const port = () => web.address().port;
    `);
    const host = await stage.host('web', 'web.mjs');
    const job = await stage.client('web', 'job', 'a bot');
    const asked = new Promise((resolve) => job.services.web!.on('request', resolve));
    await job.ready();
    const port = Number(/\d+/.exec((await stage.run('call', 'port')).stdout)?.[0]);
    const answer = fetch(`http://127.0.0.1:${port}/sse?key=SECRET`, { headers: { authorization: 'Bearer SECRET' } }).catch(() => {});
    await asked;
    await job.close();
    await host.prints(/ {11}web request \(no\. 1\) GET \/sse\?…\n/);
    expect(host.stdout).not.toContain('SECRET');
    await answer;
  });

  it('prints what happens to its roles, and each event that is lost, with what it brought', async () => {
    await using stage = new Stage();
    stage.file('feed.mjs', `
      import { EventEmitter } from 'node:events';
      export const feed = new EventEmitter();
      export const emit = (...args) => feed.emit('line', ...args);
    `);
    const host = await stage.host('feed', 'feed.mjs');
    const job = await stage.client('feed', 'job', 'a bot');
    job.services.feed!.on('line', () => new Promise(() => {}));
    await job.ready();
    await host.prints(/ \+ job: a bot\[\d+\] has its turn; gap 0\.0 ms, 0 events held\n/);
    await stage.run('call', 'emit', '{"nick":"bob","text":"hi"}', '7');
    await job.close();
    await host.prints(/ ! job: 1 event that a bot\[\d+\] had in hand lost:\n {11}feed line \(no\. 1\) \{ nick: 'bob', text: 'hi' \} 7\n/);
    await host.prints(/ - job: a bot\[\d+\] has gone; its events are held\n/);
    const heir = await stage.client('feed', 'job', 'its heir');
    await expect(heir.ready({ check: () => false })).rejects.toThrow();
    await host.prints(/ ! job: its heir\[\d+\] was not ready: the health check has answered false\n/);
    await heir.close();
  });

  it('prints who comes and goes, with what was cleaned up', async () => {
    await using stage = new Stage();
    const host = await stage.host('log');
    const events = stage.start('events', 'radio', 'message', 'join');
    await stage.listeners('log', 'join', 1);
    events.signal('SIGKILL');
    const pid = events.process.pid;
    await host.prints(new RegExp(`\\+ dynobot events\\[${pid}\\]\n`));
    await host.prints(new RegExp(`- dynobot events\\[${pid}\\] after \\d+ m?s, lost; cleaned up 2 listeners, \\d+ references\n`));
  });

  it('prints why it has ended a session', async () => {
    await using stage = new Stage();
    const host = await stage.host('odd');
    const socket = dial(join(stage.directory, `dynobot-${process.getuid?.()}/odd.sock`)).on('error', () => {});
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await host.prints(/- a client that did not greet, ended: .* \(ERR_DYNOBOT_\w+\)/);
    socket.destroy();
    expect(host.stdout).not.toContain('!');
    expect(host.stderr).not.toContain('Warning');
  });

  it('stays when nobody reads what it prints', async () => {
    await using stage = new Stage();
    const host = await stage.host('unread');
    host.process.stdout!.destroy();
    await stage.run('call', 'radio', 'station');
    expect(await stage.run('call', 'radio', 'station')).toMatchObject({ code: 0, stdout: 'dyno.fm\n' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('closes at %s: clients are told, and the socket is gone', async (signal) => {
    await using stage = new Stage();
    const host = await stage.host('closing');
    const events = stage.start('events', 'radio', 'message');
    await stage.listeners('closing', 'message', 1);
    stage.forget('closing');
    host.signal(signal);
    expect(await host.outcome()).toMatchObject({ code: 0 });
    expect(await events.outcome()).toMatchObject({ code: 69, stderr: 'error: closing has closed (ERR_DYNOBOT_DISCONNECTED)\n' });
    expect(existsSync(join(stage.directory, `dynobot-${process.getuid?.()}/closing.sock`))).toBe(false);
  });

  it('lets a module that listens for the signal end when it wants; the second signal kills', async () => {
    await using stage = new Stage();
    const host = await stage.host('slow', stage.file('slow.mjs', `
      export const a = {};
      setInterval(() => {}, 1000);
      process.on('SIGINT', () => console.log('packing'));
    `));
    stage.forget('slow');
    host.signal('SIGINT');
    await host.prints(/packing/);
    await eventually('the list of hosts', () => stage.json('ls'), []);
    expect(host.process.exitCode).toBe(null);
    host.signal('SIGINT');
    expect(await host.outcome()).toMatchObject({ code: 130 });
  });
});

function servicesOf(line: string): string[] {
  return /^hosting (.*) as /.exec(line)![1]!.split(', ');
}
