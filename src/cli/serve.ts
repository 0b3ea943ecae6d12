import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { host, type Host, type RetirementNews } from '../index.js';
import { codeOf } from '../transports/system-error.js';
import { Failure, UsageError } from './failure.js';
import { mustBeFree } from './free-name.js';
import { fileOf, nameOfFile } from './module.js';
import { colors, count as counted, print, printable, remark, stayWhenUnread } from './output.js';
import { count, secondsOf } from './run.js';
import { RunLog } from './run-log.js';
import { Runner } from './runner/runner.js';

export interface ServeOptions {
  port: string;
  address?: string;
  name?: string;
  watch: boolean;
  instances?: string;
  drain: string;
}

const APP_PROCESS = fileURLToPath(new URL('app-process.js', import.meta.url));

/** `dynobot serve`: hosts an HTTP server that stays, and runs the app that answers its requests in processes of its own. */
export async function serve(path: string, args: string[], { port, address, name = nameOfFile(path), watch, instances, drain: seconds }: ServeOptions): Promise<void> {
  const file = fileOf(path);
  const processes = count(instances);
  const drain = secondsOf('--drain', seconds);
  await mustBeFree('serve', name);
  const web = await listening(portOf(port), address);
  stayWhenUnread();
  const made = await host({ web }, { name, roles: { web: { drain } } }).catch((error: unknown) => {
    web.close();
    throw error;
  });
  made.on('error', (error, where) => remark(printable(`${where}: ${error instanceof Error ? error.message : String(error)}`)));
  made.on('retired', tellCure);
  holdUntilReady(web, made);
  const at = web.address() as AddressInfo;
  print(readyLine(path, at, made.name));
  const env = { PORT: String(at.port) };
  const runner = new Runner({ scripts: [file], by: APP_PROCESS, args, env, host: made.name, role: 'web', watch, instances: processes });
  new RunLog().follow(runner);
  stopOnSignals(web, runner, drain);
  process.exitCode = await runner.run();
  web.close();
  web.closeAllConnections();
  await made.close();
}

/** Milliseconds that a request waits for the app to be there for the first time. */
const PATIENCE = 30_000;

/** Later the role of the app holds what comes while it has no process. */
function holdUntilReady(web: Server, made: Host): void {
  const held: [request: IncomingMessage, response: ServerResponse][] = [];
  const hold = (...exchange: (typeof held)[number]): void => void held.push(exchange);
  const go = (): void => {
    clearTimeout(late);
    web.off('request', hold);
    for (const [request, response] of held.splice(0)) if (!request.destroyed) web.emit('request', request, response);
  };
  const late = setTimeout(go, PATIENCE).unref();
  web.on('request', hold);
  made.once('handover', go);
}

/** The host has told that a process was cut off: the cure is an option of this command. */
function tellCure({ who, unfinished }: RetirementNews): void {
  if (unfinished > 0) remark(printable(`${who.client}[${who.pid}] was still answering ${counted(unfinished, 'request')} (a long response, SSE, a WebSocket, an upload): --drain <seconds> gives it longer`));
}

/** The first signal refuses new connections, and ends all when those that are there have their answers, or are cut; the second at once. */
function stopOnSignals(web: Server, runner: Runner, drain: number): void {
  const sockets = new Set<Socket>();
  web.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      process.once(signal, () => {
        runner.kill();
        process.exit(128 + constants.signals[signal]);
      });
      const stop = (): void => void runner.stop();
      setTimeout(() => sockets.forEach((socket) => socket.destroy()), drain).unref();
      // A connection that has just got its answer is kept alive; nobody waits for the next request on it.
      setInterval(() => web.closeIdleConnections(), 50).unref();
      web.close(stop);
    });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`);
}

async function listening(port: number, address: string | undefined): Promise<Server> {
  const web = createServer();
  try {
    await once(web.listen({ port, ...(address === undefined ? {} : { host: address }) }), 'listening');
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new Failure(`cannot listen on port ${port}: ${(error as Error).message}`);
  }
  return web;
}

function readyLine(path: string, { address, port }: AddressInfo, name: string): string {
  const { bold, green } = colors(process.stdout);
  const shown = address === '::' || address === '0.0.0.0' ? 'localhost' : address.includes(':') ? `[${address}]` : address;
  return `${green('serving')} ${path} at ${bold(`http://${shown}:${port}`)}, hosted as web of ${bold(name)}`;
}
