import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { completion } from '../../src/cli/completion.js';
import { connect, host } from '../../src/index.js';
import { Stage } from './stage.js';

describe('dynobot repl', () => {
  it('awaits every result before it takes the next line', async () => {
    await using stage = new Stage();
    await stage.host('repl');
    const repl = stage.start('repl', 'radio');
    repl.process.stdin!.end([
      'radio.station',
      'radio.later(1)',
      'const track = await radio.track("abc")',
      'track.title',
      '',
      'function twice(n) {',
      '  return 2 * n',
      '}',
      'twice(await radio.volume)',
      'radio.say("#chan", { list: [1, new Date(0)] })',
      'typeof add',
      'radio.history(2)',
    ].join('\n'));
    expect(await repl.outcome()).toEqual({
      code: 0,
      stdout: "'dyno.fm'\n1\n'abc'\n10\n{ channel: '#chan', text: { list: [ 1, 1970-01-01T00:00:00.000Z ] } }\n'undefined'\n[AsyncIterator]\n",
      stderr: '',
    });
  });

  it('shows errors with their stack in the host on stderr, goes on, and fails at the end', async () => {
    await using stage = new Stage();
    await stage.host('repl-error');
    const repl = stage.start('repl').types('radio.fail()\n');
    await repl.prints(/Uncaught RangeError: off the air[^]*at Radio\.fail .*radio\.ts[^]*E_OFF_AIR/, 'stderr');
    repl.types(')\nradio.station\n');
    await repl.prints(/'dyno\.fm'/);
    repl.types('.exit\n');
    expect(await repl.outcome()).toMatchObject({ code: 1, stdout: "'dyno.fm'\n", stderr: expect.stringContaining('Uncaught SyntaxError') as string });
  });

  it('hears events', async () => {
    await using stage = new Stage();
    await stage.host('repl-events');
    const repl = stage.start('repl').types('radio.on("message", ({ nick }) => console.log("heard", nick)) && 0\n');
    await stage.listeners('repl-events', 'message', 1);
    await stage.run('call', 'radio', 'announce', 'bob', 'hi');
    await repl.prints(/heard bob/);
    repl.process.stdin!.end();
    expect(await repl.outcome()).toMatchObject({ code: 0 });
  });

  it('ends when the host does', async () => {
    await using stage = new Stage();
    const running = await stage.host('repl-gone');
    stage.forget('repl-gone');
    const repl = stage.start('repl').types('radio.station\n');
    await repl.prints(/dyno/);
    await running.end();
    expect(await repl.outcome()).toMatchObject({ code: 69, stderr: expect.stringContaining('ERR_DYNOBOT_DISCONNECTED') as string });
  });

  it('refuses a service that is not there', async () => {
    await using stage = new Stage();
    await stage.host('repl-none');
    expect(await stage.run('repl', 'rodio')).toMatchObject({ code: 1, stderr: expect.stringContaining('ERR_DYNOBOT_NO_SERVICE') as string });
  });
});

describe('completion', () => {
  const globals = globalThis as { remote?: object | undefined };
  afterEach(() => delete globals.remote);

  it('knows the methods, accessors and snapshot of a proxy, and asks nothing', async () => {
    class Phone extends EventEmitter {
      asked = 0;
      ring(): void {}
      get ringing(): number {
        return ++this.asked;
      }
    }
    const phone = new Phone();
    const name = `completion-${process.pid}`;
    await using made = await host({ phone }, { name });
    await using connection = await connect<{ phone: Phone }>(name);
    globals.remote = connection.services.phone;

    expect(completion('await remote.ri')).toEqual([['ring', 'ringing'], 'ri']);
    expect(completion('remote.')![0]).toEqual(expect.arrayContaining(['asked', 'on', 'ring', 'ringing']) as string[]);
    expect(completion('(remote.as')).toEqual([['asked'], 'as']);
    expect(completion('other.remote.ri')).toBeUndefined();
    expect(completion('nothing.ri')).toBeUndefined();
    expect(completion('process.ri')).toBeUndefined();
    expect(phone.asked).toBe(0);
    expect(made.inspect().sessions).toMatchObject([{ calls: 0, answers: 0 }]);
  });
});
