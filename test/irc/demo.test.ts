import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { hasNgircd, Ngircd } from '../support/ngircd.js';

const DEMO = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url));
/** A story takes ten seconds on a quiet machine. */
const IN_TIME = 60_000;

it('tells the story on its own server, and proves it', { timeout: 2 * IN_TIME }, async () => {
  const { code, output } = await runDemo();
  expect(output).toContain("Proved from the IRC server's own log");
  expect(output.match(/^ {2}✓/gm)).toHaveLength(7);
  expect({ code, failed: output.match(/✗.*/g), coloured: output.includes('\x1b') }).toEqual({ code: 0, failed: null, coloured: false });
});

it.skipIf(!hasNgircd)('tells it on a server elsewhere', { timeout: 2 * IN_TIME }, async () => {
  const server = await Ngircd.start();
  const { code, output } = await runDemo('--server', `127.0.0.1:${server.port}`);
  await server.stop();
  expect(output).toContain('Proved by what alice saw');
  expect(code).toBe(0);
  expect(server.connections).toHaveLength(3);
});

it('measures how long a save takes until the new version answers', { timeout: 2 * IN_TIME }, async () => {
  const { code, output } = await runDemo('--saves', '2');
  expect(output).toMatch(/2 saves: median \d+ ms, p95 \d+ ms, longest \d+ ms\n/);
  expect(code).toBe(0);
});

it('says why it breaks off', async () => {
  const { code, output } = await runDemo('--server', '127.0.0.1:1');
  expect(output).toContain('The story broke off');
  expect(code).toBe(1);
});

function runDemo(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [DEMO, ...args], { timeout: IN_TIME }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}
