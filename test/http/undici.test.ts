import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client, fetch, FormData, getGlobalDispatcher, request, type Dispatcher } from 'undici';
import type { Name } from './apps/index.js';
import { Both } from './both.js';

// What a real client makes of it: the same requests of undici to the same apps, here and there.
let both: Both;
beforeAll(async () => { both = await Both.start(); });
afterAll(async () => {
  await getGlobalDispatcher().destroy();
  await both.stop();
});

type Options = Omit<Dispatcher.RequestOptions, 'origin' | 'path' | 'method'> & { method?: string };

/** All that a client gets to know of an answer, but the date. */
async function seen(port: number, path: string, { method = 'GET', ...options }: Options): Promise<unknown> {
  const { statusCode, headers, trailers, body } = await request(`http://127.0.0.1:${port}${path}`, { ...options, method: method as Dispatcher.HttpMethod });
  const { date: _, ...others } = headers;
  const text = await body.text();
  return { statusCode, headers: others, text, trailers };
}

const GETS: Record<string, readonly string[]> = {
  plain: ['/hello', '/nothing', '/chunks', '/chunks-at-once', '/long', '/long-chunks', '/trailers', '/early-hints', '/processing', '/status/204', '/status/304', '/status/500', '/write-head-object', '/latin1-header', '/file', '/server-sent', '/close', '/nowhere'],
  express: ['/hello', '/object', '/user/1?a=b', '/cookies', '/redirect', '/file', '/download', '/buffer', '/throws', '/rejects', '/static/page.html', '/nowhere'],
  fastify: ['/hello', '/object', '/stream', '/headers', '/throws', '/validated?n=1', '/nowhere'],
  koa: ['/hello', '/object', '/stream', '/throws', '/redirect', '/nowhere'],
  hono: ['/hello', '/object', '/stream', '/sse', '/throws', '/nowhere'],
};
const LONG = Buffer.alloc(500_000, 'abc');

const cases: [name: string, app: Name, path: string, options: () => Options][] = Object.entries(GETS).flatMap(([app, paths]) =>
  paths.flatMap((path): typeof cases => [
    [`${app} GET ${path}`, app as Name, path, () => ({})],
    [`${app} HEAD ${path}`, app as Name, path, () => ({ method: 'HEAD' })],
  ]));
for (const path of ['/echo', '/echo-pipeline', '/echo-iterator', '/length']) {
  cases.push(
    [`POST ${path}, text`, 'plain', path, () => ({ method: 'POST', body: 'text' })],
    [`PUT ${path}, bytes`, 'plain', path, () => ({ method: 'PUT', body: Buffer.from([0, 255]) })],
    [`POST ${path}, a stream`, 'plain', path, () => ({ method: 'POST', body: Readable.from(['one', 'two']) })],
  );
  cases.push([`POST ${path}, long`, 'plain', path, () => ({ method: 'POST', body: LONG })], [`POST ${path}, a long stream`, 'plain', path, () => ({ method: 'POST', body: Readable.from([LONG, LONG]) })]);
}
for (const app of ['express', 'fastify', 'hono'] as const) {
  cases.push([`${app} POST /json`, app, '/json', () => ({ method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })]);
}

it.concurrent.each(cases)('%s', async (_, app, path, options) => {
  const [here, there] = await Promise.all(both.ports(app).map((port) => seen(port, path, options())));
  expect(there).toEqual(here);
});

it('pipelines', async () => {
  const client = new Client(`http://127.0.0.1:${both.ports('plain')[1]}`, { pipelining: 10 });
  const answers = await Promise.all(Array.from({ length: 100 }, async (_, i) => (await client.request({ method: 'GET', path: i % 3 === 0 ? '/chunks' : '/hello' })).body.text()));
  expect(answers).toEqual(answers.map((_, i) => (i % 3 === 0 ? 'onetwodreivier üend' : 'hello world')));
  await client.close();
});

it('fetches, and posts forms', async () => {
  const form = new FormData();
  form.set('a', '1');
  form.set('file', new Blob(['content']), 'name.txt');
  const answers = await Promise.all(both.ports('hono').map(async (port) => {
    const [hello, posted] = await Promise.all([fetch(`http://127.0.0.1:${port}/hello`), fetch(`http://127.0.0.1:${port}/form`, { method: 'POST', body: form })]);
    return [await hello.text(), posted.status, await posted.json()];
  }));
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[1]).toEqual(['hello world', 200, expect.objectContaining({ a: '1' })]);
});

it('aborts', async () => {
  const [, port] = both.ports('plain');
  const controller = new AbortController();
  const { body } = await request(`http://127.0.0.1:${port}/server-sent`, { signal: controller.signal });
  body.on('error', () => {});
  controller.abort();
  expect(await seen(port, '/hello', {})).toMatchObject({ statusCode: 200 });
});
