import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE, streamText } from 'hono/streaming';

export function honoApp(): RequestListener {
  const app = new Hono();
  app.get('/hello', (c) => c.text('hello world'));
  app.get('/object', (c) => c.json({ a: 1, b: ['ü'] }));
  app.get('/user/:id', (c) => c.json({ id: c.req.param('id'), query: c.req.query(), url: c.req.url, method: c.req.method }));
  app.get('/headers', (c) => {
    c.header('X-A', '1');
    c.header('set-cookie', 'a=1', { append: true });
    c.header('set-cookie', 'b=2', { append: true });
    return c.body('headers', 203);
  });
  app.get('/redirect', (c) => c.redirect('/elsewhere'));
  app.get('/stream', (c) => streamText(c, async (stream) => {
    for (const part of ['a', 'b', 'c']) {
      await stream.write(part);
      await stream.sleep(5);
    }
  }));
  app.get('/sse', (c) => streamSSE(c, async (stream) => {
    for (let id = 0; id < 3; id++) {
      await stream.writeSSE({ data: `event ${id}`, id: String(id) });
      await stream.sleep(5);
    }
  }));
  app.get('/bytes', (c) => c.body(new Uint8Array([0, 1, 255])));
  app.get('/empty', (c) => c.body(null, 204));
  app.get('/throws', () => { throw new Error('thrown'); });
  app.post('/json', async (c) => c.json({ got: await c.req.json<unknown>() }));
  app.post('/text', async (c) => c.text(`got ${await c.req.text()}`));
  app.post('/form', async (c) => c.json(await c.req.parseBody()));
  app.get('/last', (c) => c.text('last', 200, { Connection: 'close' }));
  app.onError((error, c) => c.text(`failed: ${error.message}`, 500));
  return getRequestListener(app.fetch) as RequestListener;
}
