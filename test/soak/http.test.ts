import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** The short form of a soak: what it prints, line by line. It fails as the long form would. */
async function soak(script: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const file = fileURLToPath(new URL(`../../soak/http/${script}.mjs`, import.meta.url));
  const { stdout } = await run(process.execPath, [file, '--json', ...args]);
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the short forms of', { timeout: 60_000 }, () => {
  it('soak:http', async () => {
    const [result] = await soak('main', '--seconds', '3', '--seed', '1');
    expect(result).toMatchObject({ failed: 0, reconnects: 0, hostErrors: 0 });
    expect(result!['requests']).toBeGreaterThan(100);
    expect(result!['kills']).toBeGreaterThan(1);
  });

  it('soak:http:bodies', async () => {
    expect(await soak('bodies', '--mib', '64')).toMatchObject([{ what: 'up', whole: true }, { what: 'down', whole: true }]);
  });

  it('soak:http:idle', async () => {
    expect(await soak('idle', '--connections', '200', '--window', '300')).toMatchObject([{ connections: 200, handlerReferences: 0 }]);
  });
});
