import type { InitializeHook, ResolveHook } from 'node:module';
import type { MessagePort } from 'node:worker_threads';
import { found, missed } from './resolving.js';

let main: MessagePort | undefined;

/** @param port is told when the script itself is about to be loaded */
export const initialize: InitializeHook<MessagePort> = (port) => {
  main = port;
};

/** Of the thread that resolves modules, before Node 22.15: reports each. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    const resolved = await next(specifier, context);
    found(resolved.url);
    if (context.parentURL === undefined) main?.postMessage('main');
    return resolved;
  } catch (error) {
    missed(specifier, context.parentURL);
    throw error;
  }
};
