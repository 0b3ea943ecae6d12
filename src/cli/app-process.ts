// The process of an app, which `dynobot serve` starts: `node app-process.js ./app.ts`. It plugs the app into the hosted server.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '../index.js';
import { runnerHook } from '../connection/loaded.js';
import { handlersOf, handlersOfServer, noApp, type Handlers } from './app.js';
import { plugInsteadOfListening, type Plugged } from './app-listening.js';
import { importModule } from './module.js';

interface Services {
  web: Server;
}

let plugged: Promise<Plugged> | undefined;
let found = (): void => {};

/** Once: an app that is exported may also listen. */
function plug(handlers: Handlers): Promise<Plugged> {
  found();
  return (plugged ??= plugIn(handlers));
}

async function plugIn(handlers: Handlers): Promise<Plugged> {
  const connection = await connect<Services>();
  const { web } = connection.services;
  for (const [event, handler] of Object.entries(handlers)) web.on(event, handler as () => void);
  const address = (await web.address()) as AddressInfo;
  return { address, close: () => connection.close() };
}

/** The app may be found later than its module has been loaded; but if there is nothing left to wait for, there is none. */
function lookedFor(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const none = (): void => reject(noApp(file));
    process.once('beforeExit', none);
    found = () => {
      process.off('beforeExit', none);
      resolve();
    };
    const hook = runnerHook()!;
    const { opened } = hook;
    hook.opened = (connection) => {
      found();
      opened(connection);
    };
  });
}

async function run(file: string): Promise<void> {
  plugInsteadOfListening(Number(process.env['PORT']), async (server) => plug(handlersOfServer(server)));
  const looked = lookedFor(file);
  const exported = await importModule(file);
  const handlers = plugged === undefined ? await handlersOf(exported, file) : undefined;
  if (handlers !== undefined) await plug(handlers);
  await looked;
}

// To the app it is as if it had been started by itself.
process.argv.splice(1, 1);
// The runner that has started this process waits for this module: the app takes its turn when it has been plugged in.
await run(process.argv[1]!);
