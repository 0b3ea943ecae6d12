// The host's own code answers some requests itself: the handlers' connections are none the worse for it.
import { EventEmitter } from 'node:events';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { host, type Host } from '../../src/index.js';
import { builtClient } from './built-client.js';

const server = createServer((req, res) => void own(req.url, res));
const log = new EventEmitter();
let hosting: Host;

function own(url: string | undefined, res: ServerResponse): void {
  if (url?.startsWith('/host') !== true) return;
  res.end('by the host');
  if (url === '/host-log') res.on('close', () => log.emit('answered', res.req, res));
}

const door = {
  /** Asks for them one after the other, on one connection. */
  async ask(...urls: string[]): Promise<string[]> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = server.address() as AddressInfo;
    const answers: string[] = [];
    for (const path of urls) answers.push(await new Promise((resolve, reject) => {
      request({ port, path, agent, timeout: 5_000 }, (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => resolve(text));
      }).on('timeout', () => reject(new Error(`no answer to ${path}`))).on('error', reject).end();
    }));
    agent.destroy();
    return answers;
  },
};

beforeEach(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  hosting = await host({ web: server, log, door }, { name: `host-answers-${process.pid}` });
});

afterEach(async () => {
  await expect.poll(() => hosting.inspect().sessions).toEqual([]);
  await hosting.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

it.each([
  ['at once', ['/1', '/host', '/2', '/host', '/host', '/3']],
  ['and tells of it when the response has closed', ['/1', '/host-log', '/2', '/host-log', '/3']],
])('%s', async (_how, urls) => {
  const program = `
    services.web.on('request', (req, res) => { if (!req.url.startsWith('/host')) res.end('hello'); });
    services.log.on('answered', (req, res) => { if (res.req !== req || !res.headersSent) process.exitCode = 1; });
    console.log(JSON.stringify(await services.door.ask(...${JSON.stringify(urls)})));
  `;
  expect(JSON.parse(await builtClient(hosting.name, program))).toEqual(urls.map((url) => (url.startsWith('/host') ? 'by the host' : 'hello')));
});
