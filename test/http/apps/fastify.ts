import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import fastify from 'fastify';

export async function fastifyApp(): Promise<RequestListener> {
  const app = fastify({ bodyLimit: 100_000 });
  app.get('/hello', async () => 'hello world');
  app.get('/object', async () => ({ a: 1, b: ['ü'] }));
  app.get('/user/:id', async ({ params, query, ip, hostname, protocol, method, url }) => ({ params, query, ip, hostname, protocol, method, url }));
  app.get('/stream', async (_request, reply) => reply.type('text/plain').send(Readable.from(['a', 'b', 'c'])));
  app.get('/buffer', async (_request, reply) => reply.send(Buffer.from([0, 1, 255])));
  app.get('/headers', async (_request, reply) => reply.headers({ 'X-A': '1', 'set-cookie': ['a=1', 'b=2'] }).code(203).send('headers'));
  app.get('/redirect', async (_request, reply) => reply.redirect('/elsewhere'));
  app.get('/throws', async () => { throw Object.assign(new Error('thrown'), { statusCode: 418 }); });
  app.get('/trailer', async (_request, reply) => reply.trailer('x-sum', async () => 'abc').send('with a trailer'));
  app.get('/hijack', (_request, reply) => {
    reply.hijack();
    reply.raw.end('hijacked');
  });
  app.get('/validated', { schema: { querystring: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } } }, async ({ query }) => query);
  app.post('/json', async ({ body }) => ({ got: body }));
  app.get('/last', async (_request, reply) => reply.header('Connection', 'close').send('last'));
  await app.ready();
  return app.routing as RequestListener;
}
