import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, it } from 'vitest';
import { Watcher } from '../../../src/cli/runner/watcher.js';
import { eventually } from '../../support/eventually.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'dynobot-watcher-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const watches = (): number => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;

it('watches nothing any more once it is closed, although a process that goes names another file', async () => {
  const file = join(folder, 'bot.mjs');
  writeFileSync(file, '1');
  const before = watches();
  const closed = new Watcher(() => {});
  const closing = closed.close();
  closed.add(file);
  await closing;
  closed.add(join(folder, 'not-there.mjs'));
  // It would have begun to watch by the time that another one has.
  const other = new Watcher(() => {});
  other.add(file);
  await eventually('watches', () => watches() > before, true);
  await other.close();
  await eventually('watches', watches, before);
});
