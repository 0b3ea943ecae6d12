// The process of an app, which `dynobot serve` starts: `node app-process.js ./app.ts`. It plugs the app into the hosted server.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '../index.js';
import { readyWhenLoaded } from '../loaded.js';
import { handlersOf, handlersOfServer, noApp, type Handlers } from './app.js';
import { plugInsteadOfListening, type Plugged } from './app-listening.js';
import { fail } from './failure.js';
import { importModule } from './module.js';

interface Services {
  web: Server;
}

let plugged: Promise<Plugged> | undefined;

/** Once: an app that is exported may also listen. */
function plug(handlers: Handlers): Promise<Plugged> {
  return (plugged ??= plugIn(handlers));
}

async function plugIn(handlers: Handlers): Promise<Plugged> {
  const connection = await connect<Services>();
  const { web } = connection.services;
  for (const [event, handler] of Object.entries(handlers)) web.on(event, handler as () => void);
  // At once: what connects after the script has been loaded would get ready by itself.
  const [address] = await Promise.all([web.address() as Promise<AddressInfo>, connection.ready()]);
  return { address, close: () => connection.close() };
}

async function run(file: string): Promise<void> {
  plugInsteadOfListening(Number(process.env['PORT']), async (server) => plug(handlersOfServer(server)));
  const exported = await importModule(file);
  const handlers = plugged === undefined ? await handlersOf(exported, file) : undefined;
  if (handlers !== undefined) await plug(handlers);
  await readyWhenLoaded();
  if (plugged === undefined) process.once('beforeExit', () => fail(noApp(file)));
}

// Ctrl-C comes from the terminal to this process, too. It ends when `dynobot serve` ends it, after the last answer.
process.on('SIGINT', () => {});
// To the app it is as if it had been started by itself.
process.argv.splice(1, 1);
run(process.argv[1]!).catch(fail);
