import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import Koa from 'koa';

type Route = (ctx: Koa.Context) => unknown;

const routes: Record<string, Route> = {
  '/hello': (ctx) => (ctx.body = 'hello world'),
  '/object': (ctx) => (ctx.body = { a: 1, b: ['ü'] }),
  '/about': (ctx) => (ctx.body = { ip: ctx.ip, host: ctx.host, protocol: ctx.protocol, secure: ctx.secure, query: ctx.query, method: ctx.method, fresh: ctx.fresh, length: ctx.request.length }),
  '/stream': (ctx) => (ctx.body = Readable.from(['a', 'b', 'c'])),
  '/buffer': (ctx) => (ctx.body = Buffer.from([0, 1, 255])),
  '/empty': (ctx) => (ctx.body = null),
  '/status': (ctx) => (ctx.status = 202),
  '/cookies': (ctx) => {
    ctx.cookies.set('a', '1');
    ctx.body = ctx.cookies.get('b') ?? 'none';
  },
  '/redirect': (ctx) => ctx.redirect('/elsewhere'),
  '/throws': (ctx) => ctx.throw(418, 'thrown'),
  '/respond': (ctx) => {
    ctx.respond = false;
    ctx.res.end('by hand');
  },
  '/body': async (ctx) => {
    let text = '';
    for await (const chunk of ctx.req) text += String(chunk);
    ctx.body = `got ${text}`;
  },
  '/last': (ctx) => {
    ctx.set('Connection', 'close');
    ctx.body = 'last';
  },
};

export function koaApp(): RequestListener {
  const app = new Koa();
  app.silent = true;
  app.use(async (ctx, next) => {
    await next();
    ctx.set('X-Through', 'koa');
  });
  app.use((ctx) => routes[ctx.path]?.(ctx) as Promise<void>);
  const handle = app.callback();
  return (req, res) => void handle(req, res);
}
