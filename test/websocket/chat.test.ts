import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Folder, type Command } from '../docs/folder.js';
import { chromiumNote, hasChromium, launchBrowser } from '../support/browser.js';
import { PATIENCE } from '../support/deadline.js';
import { eventually } from '../support/eventually.js';

const EXAMPLE = new URL('../../examples/websocket-chat/', import.meta.url);
const SCREENSHOT = process.env['SCREENSHOTS'];
const source = (file: string): string => readFileSync(new URL(file, EXAMPLE), 'utf8');

describe.skipIf(!hasChromium)(`examples/websocket-chat, in Chromium${chromiumNote}`, () => {
  let folder: Folder;
  let browser: Browser;
  let server: Command;
  let url: string;

  beforeAll(async () => {
    folder = new Folder('ws');
    for (const file of ['server.ts', 'chat.ts', 'page.html']) folder.write(file, source(file));
    server = folder.run('npx dynobot host ./server.ts --name chat', { PORT: '0' });
    await eventually('what the server says', () => /hosting wss/.test(server.output) && /the page: /.test(server.output), true);
    url = /the page: (\S+)/.exec(server.output)![1]!;
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await folder.remove();
  });

  it('keeps every page connected while the chat is killed and edited', { timeout: 3 * PATIENCE }, async () => {
    const chat = folder.run('npx dynobot run ./chat.ts --host chat --role chat --watch');
    const happens = (what: RegExp): Promise<number> => eventually(`whether ${what} happens`, () => what.test(chat.output), true);
    await happens(/v1 .* is live/);
    const [ann, bob] = [await visit(browser, url, 'ann'), await visit(browser, url, 'bob')];
    await say(ann, 'hello');
    await shows(bob, 'ann hello by version 1');

    folder.write('chat.ts', source('chat.ts').replace('VERSION = 1', 'VERSION = 2').replace('=> text;', '=> `${text}!`;'));
    await happens(/v2 .* has taken over/);
    await say(bob, 'is this version 2');
    await shows(ann, 'bob is this version 2! by version 2');

    process.kill(Number(/v2 \[(\d+)\] has taken over/.exec(chat.output)![1]), 'SIGKILL');
    await happens(/v2 .* crashed/);
    // Nobody is there to hear it. It is held for whoever comes next.
    await say(bob, 'does anybody hear me');
    await shows(ann, 'bob does anybody hear me! by version 2');
    if (SCREENSHOT !== undefined) await ann.screenshot({ path: SCREENSHOT });
    for (const page of [ann, bob]) {
      expect(await page.textContent('#status')).toMatch(/^one connection since/);
      expect(await lines(page)).not.toContain('somebody left');
    }
    expect(server.output).not.toMatch(/a browser:/);
    await ann.close();
    await shows(bob, 'somebody left');
  });
});

async function visit(browser: Browser, url: string, name: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 640, height: 560 } });
  await page.goto(url);
  await page.waitForSelector('#status.open');
  await page.fill('#name', name);
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
}

/** The lines of the page, as one reads them. */
function lines(page: Page): Promise<string[]> {
  return page.$$eval('#log li', (all) => all.map((line) => Array.from(line.children as Iterable<{ textContent: string }>, (part) => part.textContent).join(' ')));
}

async function shows(page: Page, line: string): Promise<void> {
  const shown = async (): Promise<string> => (await lines(page)).find((one) => one === line) ?? (await lines(page)).join('; ');
  await eventually('what the page shows', shown, line);
}
