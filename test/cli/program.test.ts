import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Stage } from './stage.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

describe('dynobot', () => {
  it('tells its version', async () => {
    await using stage = new Stage();
    expect(await stage.run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['host', 'run', 'ls', 'inspect', 'call', 'events', 'repl'])('%s --help has an example', async (command) => {
    await using stage = new Stage();
    const { code, stdout, stderr } = await stage.run(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: dynobot ${command} `);
    expect(stdout).toMatch(new RegExp(`\nExample:\n {2}\\$ dynobot ${command}`));
  });

  it.each([
    ['no command', [], /^Usage: dynobot/],
    ['an unknown command', ['hsot'], /^error: unknown command 'hsot'\n\(Did you mean host\?\)\n/],
    ['an unknown option', ['ls', '--jsno'], /^error: unknown option '--jsno'\n\(Did you mean --json\?\)\n/],
    ['a port that is none', ['serve', '--port', '99999', 'package.json'], /^error: --port takes a number from 0 to 65535, not 99999\n/],
    ['a deadline that is none', ['run', '--deadline', '-1', 'package.json'], /^error: --deadline takes seconds, not -1\n/],
    ['a missing argument', ['call'], /^error: missing required argument 'service'\n/],
  ])('exits with 2 for %s', async (_, args, message) => {
    await using stage = new Stage();
    stage.file('package.json', '{}');
    const { code, stdout, stderr } = await stage.run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('does not colour what is not a terminal', async () => {
    await using stage = new Stage();
    Object.assign(stage.env, { CI: '1', FORCE_COLOR: '1' });
    await stage.host('plain');
    for (const args of [['ls'], ['inspect'], ['call', 'radio'], ['call', 'nothing']]) {
      const { stdout, stderr } = await stage.run(...args);
      expect(stdout + stderr).not.toContain('\x1b');
    }
  });
});
