import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Folder, type Command } from '../docs/folder.js';
import { eventually } from '../support/eventually.js';

const EXAMPLE = new URL('../../examples/express-app/', import.meta.url);
const APP = readFileSync(new URL('app.ts', EXAMPLE), 'utf8');

let folder: Folder;
let server: Command;
let app: Command;
let url: string;
/** One connection, for all that is asked. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
  folder = new Folder('express');
  cpSync(fileURLToPath(EXAMPLE), folder.path, { recursive: true });
  server = folder.run('npx dynobot host ./server.ts --name notes', { PORT: '0' });
  await eventually('what the server says', () => /hosting notes, web/.test(server.output) && /listening at /.test(server.output), true);
  url = /listening at (\S+)/.exec(server.output)![1]!;
  app = folder.run('npx dynobot run ./app.ts --host notes --role web --watch');
  await eventually('whether the app is live', () => /v1 .* is live/.test(app.output), true);
});

afterAll(async () => {
  agent.destroy();
  await folder.remove();
});

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

async function ask(method: string, path: string, body: string | Buffer = '', type = 'application/json', headers: Record<string, string> = {}): Promise<Answer> {
  const sent = request(new URL(path, url), { method, agent, headers: body === '' ? headers : { 'Content-Type': type } }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, headers: response.headers, body: await text(response) };
}

const json = async (method: string, path: string, body?: object): Promise<unknown> => {
  const { status, body: answered } = await ask(method, path, body === undefined ? '' : JSON.stringify(body));
  return [status, JSON.parse(answered)];
};

it('does all that an Express app does', async () => {
  expect(await json('POST', '/notes', { text: 'milk' })).toEqual([201, { id: 1, text: 'milk' }]);
  expect(await json('POST', '/notes', { text: '' })).toEqual([400, { error: 'a note needs a text' }]);
  expect((await ask('POST', '/notes', 'text=eggs', 'application/x-www-form-urlencoded')).headers.location).toBe('/notes/2');
  expect(await json('GET', '/notes')).toEqual([200, [{ id: 1, text: 'milk' }, { id: 2, text: 'eggs' }]]);
  expect((await ask('POST', '/notes', '{"text":')).status).toBe(500);
  expect(await json('PUT', '/count')).toEqual([200, { bytes: 0 }]);
  expect(JSON.parse((await ask('PUT', '/count', Buffer.alloc(5_000_000), 'application/octet-stream')).body)).toEqual({ bytes: 5_000_000 });
  const page = await ask('GET', '/');
  expect([page.status, page.headers['content-type'], page.headers['x-app-version']]).toEqual([200, 'text/html; charset=utf-8', '1']);
  expect(page.body).toBe(readFileSync(new URL('public/index.html', EXAMPLE), 'utf8'));
  expect((await ask('GET', '/', '', '', { 'If-None-Match': page.headers.etag! })).status).toBe(304);
  expect((await ask('GET', '/nothing')).status).toBe(404);
});

/** A browser's EventSource, as far as it goes: what it was told until the stream ended. */
async function listen(): Promise<{ told: string[]; ended: Promise<string> }> {
  const told: string[] = [];
  const stream = await fetch(new URL('/events', url));
  const ended = (async () => {
    for await (const chunk of stream.body!) told.push(...[...Buffer.from(chunk as Uint8Array).toString().matchAll(/"text":"(\w+)"/g)].map(([, word]) => word!));
  })().then(() => 'ended', () => 'cut');
  return { told, ended };
}

it('is edited and killed while clients keep their connection and the notes are kept', async () => {
  const first = await listen();
  await json('POST', '/notes', { text: 'bread' });
  await eventually('what was told', () => first.told, ['bread']);

  folder.write('app.ts', APP.replace('VERSION = 1', 'VERSION = 2'));
  await eventually('whether the new version is live', () => /v2 .*has taken over/.test(app.output), true);
  expect((await ask('GET', '/notes')).headers['x-app-version']).toBe('2');
  expect(await first.ended).toBe('ended');
  await eventually('whether the old one has gone', () => /v1 .* has finished/.test(app.output), true);
  const second = await listen();
  await json('POST', '/notes', { text: 'tea' });
  await eventually('what was told', () => second.told, ['tea']);

  process.kill(Number(/v2 \[(\d+)\]/.exec(app.output)![1]), 'SIGKILL');
  expect(await second.ended).toBe('cut');
  // This one waits for the next process.
  const { status, body } = await ask('GET', '/notes');
  expect([status, (JSON.parse(body) as { text: string }[]).map((note) => note.text)]).toEqual([200, ['milk', 'eggs', 'bread', 'tea']]);
  expect(Object.values(agent.freeSockets).flat().length).toBe(1);
});
