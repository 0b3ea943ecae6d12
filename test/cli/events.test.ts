import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Stage } from './stage.js';

describe('dynobot events', () => {
  it('prints events as lines of JSON, references as readable strings; Ctrl-C leaves no trace', async () => {
    await using stage = new Stage();
    await stage.host('events');
    const events = stage.start('events', 'radio', 'message', 'join');
    await stage.listeners('events', 'message', 1);
    await stage.run('call', 'radio', 'announce', 'bob', '{"a":[1]}');
    await stage.run('call', 'radio', 'emit', 'join', 'bob');
    await events.prints(/"join".*\n/);
    const lines = events.stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        event: 'message',
        args: [
          { nick: 'bob', message: { a: [1] }, reply: expect.stringMatching(/^\[Remote<Function: reply> #\d+@events\]$/) as string, radio: "Remote<Radio> radio@events { station: 'dyno.fm' }" },
          expect.stringMatching(/^Remote<Track> #\d+@events { title: 'theme' }$/) as string,
        ],
      },
      { time: expect.any(String) as string, event: 'join', args: ['bob'] },
    ]);
    events.signal('SIGINT');
    expect(await events.outcome()).toMatchObject({ code: 0, stderr: '' });
    await stage.empties('events');
  });

  it('gives references back with each event', async () => {
    await using stage = new Stage();
    await stage.host('many');
    const events = stage.start('events', 'radio', 'message');
    await stage.listeners('many', 'message', 1);
    const references = async (): Promise<number> => (await stage.sessions('many'))[0]!.exports;
    const before = await references();
    for (let n = 1; n <= 3; n++) {
      await stage.run('call', 'radio', 'announce', `bob${n}`, 'hi');
      await events.prints(new RegExp(`bob${n}`));
    }
    await eventually('the number of references', references, before);
    events.signal('SIGTERM');
    expect(await events.outcome()).toMatchObject({ code: 0 });
  });

  it('listens to an EventTarget', async () => {
    await using stage = new Stage();
    await stage.host('target');
    const events = stage.start('events', 'target', 'ping');
    await stage.listeners('target', 'ping', 1);
    await stage.run('call', 'dispatch', 'ping');
    expect(JSON.parse(await events.prints(/\n/))).toMatchObject({ event: 'ping', args: [{ type: 'ping', target: 'Remote<EventTarget> target@target {}' }] });
    events.signal('SIGINT');
    await events.outcome();
  });

  it('ends when nobody reads any further', async () => {
    await using stage = new Stage();
    await stage.host('unread');
    const events = stage.start('events', 'radio', 'message');
    await stage.listeners('unread', 'message', 1);
    events.process.stdout!.destroy();
    await stage.run('call', 'radio', 'announce', 'bob', 'hi');
    expect(await events.outcome()).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('explains a service without events', async () => {
    await using stage = new Stage();
    await stage.host('mute');
    const outcome = await stage.run('events', 'add', 'message');
    expect(outcome).toEqual({ code: 1, stdout: '', stderr: 'error: add has no events: it is neither an EventEmitter nor an EventTarget\n' });
  });
});
