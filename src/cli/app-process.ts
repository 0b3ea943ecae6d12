// The process of an app, which `dynobot serve` starts: `node app-process.js ./app.ts`. It plugs the app into the hosted server.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '../index.js';
import { runnerHook } from '../connection/loaded.js';
import { endAsFailed, withoutOwnFrames } from './app-failure.js';
import { handlersOf, handlersOfServer, noApp, type Handlers } from './app.js';
import { plugInsteadOfListening, type Plugged } from './app-listening.js';
import { importModule } from './module.js';
import { remark } from './output.js';

interface Services {
  web: Server;
}

let plugged: Promise<Plugged> | undefined;
let isFound = false;
let found = (): void => {};

/** Once: an app that is exported may also listen. */
function plug(handlersNow: () => Handlers, server?: Server): Promise<Plugged> {
  found();
  return (plugged ??= plugIn(handlersNow, server));
}

/** What listens by the time that there is a connection, and what listens to the app's own `server` later. */
async function plugIn(handlersNow: () => Handlers, server: Server | undefined): Promise<Plugged> {
  const connection = await connect<Services>();
  const { web } = connection.services;
  const attached = new Set<string>();
  const attach = (): void => {
    for (const [event, handler] of Object.entries(handlersNow())) {
      if (!attached.has(event)) web.on(event, handler as () => void);
      attached.add(event);
    }
  };
  attach();
  // It is told just before the listener is there.
  server?.on('newListener', () => queueMicrotask(attach));
  const address = (await web.address()) as AddressInfo;
  return { address, close: () => connection.close() };
}

/** Milliseconds that an app which listens elsewhere has to listen where it is to, or to be exported. */
const SOON = 1000;

/** Otherwise the user would wait for answers, and see nothing. */
function tellOfOther(address: AddressInfo | string): void {
  const where = typeof address === 'string' ? address : `port ${address.port}`;
  const served = process.env['PORT'];
  setTimeout(() => {
    if (isFound) return;
    remark(`The app listens on ${where} by itself, while dynobot serves port ${served}: requests wait there until the app listens on process.env.PORT, or exports what is to answer.`);
  }, SOON).unref();
}

/** The app may be found later than its module has been loaded; but if there is nothing left to wait for, there is none. */
function lookedFor(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const none = (): void => reject(noApp(file));
    process.once('beforeExit', none);
    found = () => {
      isFound = true;
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
  const port = Number(process.env['PORT']);
  plugInsteadOfListening(port, async (server) => plug(() => handlersOfServer(server), server), tellOfOther);
  const looked = lookedFor(file);
  const exported = await importModule(file);
  const handlers = plugged === undefined ? await handlersOf(exported, file) : undefined;
  if (handlers !== undefined) await plug(() => handlers);
  await looked;
}

// To the app it is as if it had been started by itself.
process.argv.splice(1, 1);
// The runner that has started this process waits for this module: the app takes its turn when it has been plugged in.
try {
  await run(process.argv[1]!);
} catch (error) {
  endAsFailed(error);
  throw withoutOwnFrames(error);
}
