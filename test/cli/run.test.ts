import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { Stage } from './stage.js';

const LISTENER = fileURLToPath(new URL('modules/listener.ts', import.meta.url));

describe('dynobot run', () => {
  it('runs TypeScript whose connect() knows the host, with its arguments, and exits as it does', async () => {
    await using stage = new Stage();
    await stage.host('run');
    const outcome = await stage.run('run', LISTENER, '--host', 'run', '--', 'word', '--loud');
    expect(outcome).toEqual({ code: 3, stdout: 'word --loud hears dyno.fm\n', stderr: '' });
  });

  it('takes the host from the environment, too', async () => {
    await using stage = new Stage();
    await stage.host('run-env');
    stage.env['DYNOBOT_HOST'] = 'run-env';
    expect(await stage.run('run', LISTENER)).toMatchObject({ code: 3 });
  });

  it('leads to the only live host, if none is named, and to none of several', async () => {
    await using stage = new Stage();
    await stage.host('run-only');
    expect(await stage.run('run', LISTENER)).toMatchObject({ code: 3 });
    await stage.host('run-other');
    expect(await stage.run('run', LISTENER)).toMatchObject({ code: 1, stderr: expect.stringContaining('ERR_DYNOBOT_ADDRESS') as string });
  });

  it('forwards signals, and leaves no trace on the host', async () => {
    await using stage = new Stage();
    await stage.host('run-signal');
    const command = stage.start('run', LISTENER, '--host', 'run-signal', '--', 'stay');
    await stage.listeners('run-signal', 'message', 1);
    expect((await stage.sessions('run-signal')).map(({ client }) => client)).toEqual(['listener.ts']);
    command.signal('SIGTERM');
    expect(await command.outcome()).toMatchObject({ code: 7, stdout: 'stay hears dyno.fm\nSIGTERM\n' });
  });

  it('gives 128 and its number for the signal that the script died of', async () => {
    await using stage = new Stage();
    await stage.host('run-killed');
    expect(await stage.run('run', LISTENER, '--host', 'run-killed', '--', 'die')).toMatchObject({ code: 137 });
  });

  it('explains a connect() that knows no host, and a script that is not there', async () => {
    await using stage = new Stage();
    expect(await stage.run('run', LISTENER)).toMatchObject({ code: 1, stderr: expect.stringContaining('ERR_DYNOBOT_ADDRESS') as string });
    expect(await stage.run('run', 'nothing.ts')).toEqual({ code: 2, stdout: '', stderr: 'error: There is no file nothing.ts\n' });
    expect(await stage.run('run', '.')).toEqual({ code: 2, stdout: '', stderr: 'error: . is a folder: name a file in it\n' });
  });
});
