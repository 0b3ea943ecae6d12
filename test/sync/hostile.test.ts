// A host that lies to a client that stands still.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ByHand } from '../peer/by-hand.js';

const SYNC = new URL('../../dist/sync/index.js', import.meta.url).href;
const INNER = 16;
const PROGRAM = `
  import { connectSync } from ${JSON.stringify(SYNC)};
  const { services } = connectSync(process.argv[1]).on('close', () => {});
  try {
    console.log(services.call(() => {}));
  } catch ({ code }) {
    console.log(code);
  }
`;

it.each([[9e15], [1000], [2]])('answers to %d calls, while something waits to be carried out, end the session', async (count) => {
  const path = join(tmpdir(), `dynobot-hostile-${process.pid}-${count}.sock`);
  let printed!: Promise<{ stdout: string }>;
  const peer = await ByHand.accepted(path, async () => {
    printed = promisify(execFile)(process.execPath, ['--max-old-space-size=200', '--input-type=module', '-e', PROGRAM, path], { timeout: 20_000 });
    await printed;
  });
  peer.say([0, 'dynobot', 1, { name: 'hostile', pid: 1, services: 1 }], [8, 'call', ['$', 'F', 1]]);
  const [, , call, , , , args] = await peer.hears(([verb]) => verb === INNER);
  peer.say([1, 0, ((args as unknown[][])[0] as number[])[2], 0, 0, [], 0], [18, call, count]);
  expect(await peer.ended()).toMatchObject({ code: 'ERR_DYNOBOT_PROTOCOL' });
  expect((await printed).stdout.trim()).toBe('ERR_DYNOBOT_DISCONNECTED');
});
