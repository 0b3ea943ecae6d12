import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { describe, expect, it } from 'vitest';
import { handlersOf } from '../../src/cli/app.js';

const HERE = fileURLToPath(import.meta.url);
const plain: RequestListener = (request, response) => void response.end(`it is ${request.url}`);

const APPS: Record<string, unknown> = {
  'a function': plain,
  'a promise of an app': Promise.resolve(plain),
  'an object of listeners': { request: plain, upgrade: () => {} },
  'a server that does not listen': createServer(plain),
  Express: express().get('/a', (request, response) => void response.send(`it is ${request.url}`)),
  Koa: new Koa().use((context) => {
    context.body = `it is ${context.url}`;
  }),
  Fastify: fastify().get('/a', async (request) => `it is ${request.url}`),
  Hono: new Hono().get('/a', (context) => context.text(`it is ${context.req.path}`)),
  'an object with fetch': { fetch: (request: { url: string }) => new Response(`it is ${new URL(request.url).pathname}`) },
};

/** What a server answers that has these listeners. */
async function answerOf(handlers: object): Promise<string> {
  const server = createServer();
  for (const [event, listener] of Object.entries(handlers)) server.on(event, listener as () => void);
  await once(server.listen(0), 'listening');
  const answer = await fetch(`http://localhost:${(server.address() as AddressInfo).port}/a`);
  server.closeAllConnections();
  server.close();
  return answer.text();
}

describe('what dynobot serve takes for an app', () => {
  it.each(Object.entries(APPS))('is %s, exported by default or as app', async (_, app) => {
    expect(await answerOf((await handlersOf({ default: app }, HERE))!)).toBe('it is /a');
    expect(Object.keys((await handlersOf({ app }, HERE))!)).toContain('request');
  });

  it('is no other thing', async () => {
    for (const thing of [5, 'app', {}, [], new Map(), { request: 'x' }, createServer()]) {
      await expect(handlersOf({ default: thing }, HERE)).rejects.toThrow('exports no app: its default export must be one of these');
    }
    expect(await handlersOf({}, HERE)).toBeUndefined();
  });

  it('needs an adapter for fetch', async () => {
    await expect(handlersOf({ default: { fetch: () => {} } }, '/nowhere/app.js')).rejects.toThrow('npm install @hono/node-server');
  });
});
