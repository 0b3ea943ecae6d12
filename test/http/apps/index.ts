import type { Server } from 'node:http';
import { expressApp } from './express.js';
import { fastifyApp } from './fastify.js';
import { honoApp } from './hono.js';
import { koaApp } from './koa.js';
import { plain } from './plain.js';
import { special } from './special.js';

export const NAMES = ['plain', 'special', 'express', 'fastify', 'koa', 'hono'] as const;
export type Name = (typeof NAMES)[number];

type Attachable = Pick<Server, 'on'>;

/** Attaches the app of that name to a server, of this process or of another. */
export async function attach(name: Name, server: Attachable): Promise<void> {
  if (name === 'special') return special(server);
  server.on('request', name === 'plain' ? plain : await { express: expressApp, fastify: fastifyApp, koa: koaApp, hono: honoApp }[name]());
}
