import { Server } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { DynobotError } from '../index.js';

/** What an app answers: listeners for the events of an HTTP server. */
export type Handlers = Readonly<Partial<Record<ServerEvent, (...args: never[]) => unknown>>>;

/** The events of an HTTP server that are a handler's, and not those of who owns the server. */
const EVENTS = ['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect', 'clientError'] as const;
export type ServerEvent = (typeof EVENTS)[number];

/** In one line, as a runner tells it. */
const ACCEPTED = 'its default export must be one of these: a function (req, res), such as an Express or Connect app; a Koa, Fastify or Hono app, '
  + 'or any { fetch(request) }; an http.Server that does not listen; an object of listeners, { request(req, res) {}, upgrade(req, socket, head) {} }. '
  + 'Or let it call listen() on the port in process.env.PORT, or connect() to its host itself.';

/**
 * The listeners of what a module exports by default, or as `app`.
 *
 * @param file the module, whose packages are asked for adapters
 * @returns undefined if it exports neither
 * @throws DynobotError ERR_DYNOBOT_APP if what it exports is no app, or an adapter for it is missing
 */
export async function handlersOf(exported: { default?: unknown; app?: unknown }, file: string): Promise<Handlers | undefined> {
  const app: unknown = await (exported.default ?? exported.app);
  if (app === undefined) return undefined;
  const handlers = await handlersOfApp(app, file);
  if (handlers === undefined || Object.keys(handlers).length === 0) throw new DynobotError('ERR_DYNOBOT_APP', `${file} exports no app: ${ACCEPTED}`);
  return handlers;
}

/** For a script that has ended without doing anything of the sort. */
export function noApp(file: string): DynobotError {
  return new DynobotError('ERR_DYNOBOT_APP', `${file} exports no app, and has ended without listening: ${ACCEPTED}`);
}

async function handlersOfApp(app: unknown, file: string): Promise<Handlers | undefined> {
  if (typeof app === 'function') return { request: app as (...args: never[]) => unknown };
  if (typeof app !== 'object' || app === null) return undefined;
  if (app instanceof Server) return handlersOfServer(app);
  const { ready, server, callback, fetch } = app as Partial<Record<string, unknown>>;
  if (typeof ready === 'function' && server instanceof Server) return ofFastify(app as Fastify);
  if (typeof callback === 'function') return { request: (app as Koa).callback() };
  if (typeof fetch === 'function') return { request: await fetchListener(app as Fetching, file) };
  return Object.fromEntries(EVENTS.map((event) => [event, Reflect.get(app, event) as unknown]).filter(([, listener]) => typeof listener === 'function')) as Handlers;
}

/** What a server of the app's own does: its listeners are asked when the event comes, since some are attached late. */
export function handlersOfServer(server: Server): Handlers {
  const heard = EVENTS.filter((event) => server.listenerCount(event) > 0);
  return Object.fromEntries(heard.map((event) => [event, (...args: never[]) => server.emit(event, ...(args as []))]));
}

interface Fastify {
  ready(): PromiseLike<unknown>;
  server: Server;
}

async function ofFastify(app: Fastify): Promise<Handlers> {
  await app.ready();
  return handlersOfServer(app.server);
}

interface Koa {
  callback(): (...args: never[]) => unknown;
}

interface Fetching {
  fetch(request: unknown): unknown;
}

/** Between the web's requests and Node's stands Hono's adapter, as the app itself would have it. */
async function fetchListener(app: Fetching, file: string): Promise<(...args: never[]) => unknown> {
  const adapter = '@hono/node-server';
  let path: string;
  try {
    path = createRequire(file).resolve(adapter);
  } catch {
    throw new DynobotError('ERR_DYNOBOT_APP', `${file} exports an app that is called with fetch(request). That needs ${adapter}: npm install ${adapter}`);
  }
  const { getRequestListener } = (await import(pathToFileURL(path).href)) as { getRequestListener(fetch: Fetching['fetch']): (...args: never[]) => unknown };
  return getRequestListener((request) => app.fetch(request));
}
