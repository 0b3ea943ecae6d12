import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Stage } from './stage.js';

describe('dynobot call', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = new Stage();
    await stage.host('call');
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const printed = async (...args: string[]): Promise<string> => {
    const outcome = await stage.run('call', ...args);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    return outcome.stdout;
  };

  it('takes arguments for JSON if they are JSON, else for strings', async () => {
    expect(await stage.json('call', 'radio', 'say', '#chan', 'hi')).toEqual({ channel: '#chan', text: 'hi' });
    expect(await stage.json('call', 'radio', 'say', '#chan', '{"a":[1,null]}')).toEqual({ channel: '#chan', text: { a: [1, null] } });
    expect(await stage.json('call', 'radio', 'say', '"5"', '5')).toEqual({ channel: '5', text: 5 });
    expect(await printed('radio', 'later', '--', '--json')).toBe('--json\n');
  });

  it('prints for people: strings as they are, the rest as console.log does, nothing for undefined', async () => {
    expect(await printed('radio', 'later', 'plain words')).toBe('plain words\n');
    expect(await printed('radio', 'say', '#chan', 'hi')).toBe("{ channel: '#chan', text: 'hi' }\n");
    expect(await printed('radio', 'announce', 'bob', 'hi')).toBe('');
  });

  it('reads data properties and accessors', async () => {
    expect(await printed('radio', 'station')).toBe('dyno.fm\n');
    expect(await stage.json('call', 'radio', 'volume')).toBe(5);
  });

  it('follows a path through objects, data and instances alike', async () => {
    expect(await printed('radio', 'studio.city')).toBe('Bern\n');
    expect(await stage.json('call', 'radio', 'studio.tracks.1.title')).toBe('second');
    expect(await printed('radio', 'studio.tracks.0.play')).toBe('playing first\n');
    expect(await printed('radio', 'studio.ring', '2')).toBe('ring ring\n');
    expect(await printed('radio', '2.0')).toBe('two point zero\n');
  });

  it('calls a service that is a function, and shows one that is an object', async () => {
    expect(await printed('add', '1', '-2')).toBe('-1\n');
    expect(await printed('add', '1.5', '-2')).toBe('-0.5\n');
    expect(await printed('radio')).toBe("Remote<Radio> radio@call { station: 'dyno.fm' }\n");
  });

  it('prints values that come one by one', async () => {
    expect(await printed('radio', 'history', '3', '--json')).toBe('{"line":1}\n{"line":2}\n{"line":3}\n');
  });

  it('passes the bytes of a stream on as they are', async () => {
    expect(await printed('radio', 'recording')).toBe('dyno\n');
    expect(await printed('radio', 'recording', '--json')).toBe('"ZHk="\n"bm8K"\n');
  });

  it('passes the text of a stream on as it is, and prints each text of a generator on a line', async () => {
    expect(await printed('radio', 'lyrics')).toBe('la la\nla\n');
    expect(await printed('radio', 'titles')).toBe('one\ntwo\n');
  });

  it('ends quietly when nobody reads any further', async () => {
    const command = stage.start('call', 'radio', 'history', '1000000', '--json');
    await command.prints(/"line":1}/);
    command.process.stdout!.destroy();
    expect(await command.outcome()).toMatchObject({ code: 0, stderr: '' });
  });

  it('tells of a thrown error by its code and its stack in the host, and fails', async () => {
    const { code, stdout, stderr } = await stage.run('call', 'radio', 'fail');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^RangeError: off the air\n +at Radio\.fail \(.*radio\.ts:\d+:\d+\)/);
    expect(stderr).toContain("code: 'E_OFF_AIR'");
    expect(stderr).not.toContain('dist/');
  });

  it.each([
    ['a service that is not there', ['rodio', 'say'], 1, /^error: call has no service "rodio"\. It has: .*radio.* \(ERR_DYNOBOT_NO_SERVICE\)\n$/],
    ['a member that is not there', ['radio', 'sya', 'x'], 1, /^error: radio has no sya\. Its methods: .*say.*\. Its properties: .*station.*\n$/],
    ['a step of a path that is not there', ['radio', 'studio.town.name'], 1, /^error: radio\.studio has no town\..*city.*\n$/],
    ['a path behind a value', ['radio', 'station.name'], 1, /^error: radio\.station is 'dyno\.fm', and has no name\n$/],
    ['a path behind a function', ['radio', 'studio.ring.x'], 1, /^error: radio\.studio\.ring is .*, and has no x\n$/],
    ['a path with what never crosses', ['radio', 'studio.constructor.name'], 1, /^error: radio\.studio has no constructor\..*\n$/],
    ['a class', ['Track', 'title'], 2, /^error: Track is a class.*dynobot repl Track\n$/],
    ['a member that never crosses', ['radio', 'constructor'], 1, /^error: radio has no constructor\..*\n$/],
    ['a host that is not there', ['--host', 'nobody', 'radio'], 69, /^error: Nobody hosts 'nobody' .* \(ERR_DYNOBOT_NO_HOST\)\n$/],
    ['arguments for a property', ['radio', 'station', 'x'], 2, /^error: radio\.station is a property.*\n$/],
    ['a method for listeners', ['radio', 'on', 'message'], 2, /^error: .*dynobot events radio <event>\n$/],
    ['something thrown that is no error', ['radio', 'failOddly'], 1, /^error: 'static' was thrown\n$/],
    ['a deadline', ['radio', 'hang', '--timeout', '50'], 1, /^error: .* 50 ms \(ERR_DYNOBOT_TIMEOUT\)\n$/],
    ['a wrong deadline', ['radio', 'hang', '--timeout', 'soon'], 2, /^error: --timeout .*\n$/],
  ])('says in one line what is wrong: %s', async (_, args, code, line) => {
    const outcome = await stage.run('call', ...args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(line);
  });

  it('is told when the host goes in the middle of a call', async () => {
    const host = await stage.host('call-gone');
    stage.forget('call-gone');
    const call = stage.start('call', '--host', 'call-gone', 'radio', 'hang');
    await host.prints(/\+ dynobot call\[/);
    await host.end();
    expect(await call.outcome()).toMatchObject({ code: 69, stderr: expect.stringMatching(/^error: .*\(ERR_DYNOBOT_DISCONNECTED\)\n$/) as string });
    await stage.run('ls');
  });

  it('leaves nothing in the host when it is interrupted', async () => {
    const call = stage.start('call', 'radio', 'hang');
    await eventually('the pending calls of each session', async () => (await stage.sessions('call')).map(({ answers }) => answers), [1]);
    call.signal('SIGINT');
    await call.outcome();
    await stage.empties('call');
  });
});

it('lists all members of what has not the one that was asked for', async () => {
  await using stage = new Stage();
  await stage.host('members', stage.file('members.mjs', `
    import { EventEmitter } from 'node:events';
    class Base extends EventEmitter {
      inherited() {}
      get early() { return {}; }
      field = 1;
    }
    class Bot extends Base {
      say() {}
      get mood() { return 'well'; }
      user = { nick: 'dyno' };
      topic = 'x'.repeat(10_000);
      nothing = undefined;
      handler = () => {};
      _private = 1;
      #hidden = 2;
    }
    export const bot = new Bot();
    export const plain = { a: 1, deep: {}, act() {}, get late() { return 1; } };
    export const bare = Object.assign(Object.create(null), { a: 1, list: [] });
  `));
  const told = async (service: string): Promise<string[][]> => {
    const { code, stderr } = await stage.run('call', service, 'nope');
    expect(code).toBe(1);
    const [, methods, properties] = /^error: .* has no nope\. Its methods: (.*)\. Its properties: (.*)\n$/.exec(stderr)!;
    return [methods!.split(', ').sort(), properties!.split(', ').sort()];
  };
  const [methods, properties] = await told('bot');
  expect(methods).toEqual(expect.arrayContaining(['emit', 'handler', 'inherited', 'listenerCount', 'say']));
  expect(properties).toEqual(['early', 'field', 'mood', 'nothing', 'topic', 'user']);
  expect(await told('plain')).toEqual([['act'], ['a', 'deep', 'late']]);
  expect(await told('bare')).toEqual([['none'], ['a', 'list']]);
  expect(await stage.run('call', 'bot', 'nothing')).toEqual({ code: 0, stdout: '', stderr: '' });
});

describe('which host is meant', () => {
  it('the only live one; else one must be named', async () => {
    await using stage = new Stage();
    expect(await stage.run('call', 'radio', 'station')).toMatchObject({ code: 69, stderr: expect.stringContaining('No host is live') as string });
    await stage.host('one');
    expect(await stage.run('call', 'radio', 'station')).toMatchObject({ code: 0, stdout: 'dyno.fm\n' });
    await stage.host('two');
    const { code, stderr } = await stage.run('call', 'radio', 'station');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: Several hosts are live: one, two. Choose one with --host or DYNOBOT_HOST.\n' });
    stage.env['DYNOBOT_HOST'] = 'two';
    expect(await stage.json('call', 'radio')).toMatch(/@two/);
    expect(await stage.json('call', '--host', 'one', 'radio')).toMatch(/@one/);
  });

  it('of several, the only one that has the service', async () => {
    await using stage = new Stage();
    await stage.host('one');
    await stage.host('two', stage.file('two.mjs', 'export const double = (n) => 2 * n; export const add = (a, b) => a + b;'));
    expect(await stage.run('call', 'double', '4')).toMatchObject({ code: 0, stdout: '8\n' });
    expect(await stage.run('call', 'radio', 'station')).toMatchObject({ code: 0, stdout: 'dyno.fm\n' });
    expect(await stage.run('call', 'add', '1', '2')).toMatchObject({ code: 2, stderr: expect.stringContaining('one, two') as string });
    expect(await stage.run('call', 'nothing')).toEqual({ code: 1, stdout: '', stderr: 'error: None of the live hosts (one, two) has "nothing"\n' });
  });
});
