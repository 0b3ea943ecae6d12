import * as nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { found, missed } from './resolving.js';

type Resolved = { url: string };
type ResolveSync = (specifier: string, context: { parentURL?: string }, next: (specifier: string, context: object) => Resolved) => Resolved;
interface Hooks {
  registerHooks?(hooks: { resolve: ResolveSync }): unknown;
}

/** CommonJS's own loader, by the names that everything which extends it uses. */
interface CommonJs {
  _resolveFilename(request: string, parent: { filename?: string | null } | undefined, ...rest: unknown[]): string;
}

/**
 * Reports every module that this process imports or requires from now on, also one that it cannot find.
 *
 * @returns resolves when the script itself is about to be loaded
 */
export function watchModules(): Promise<void> {
  const { registerHooks } = nodeModule as Hooks;
  return new Promise((main) => {
    if (registerHooks !== undefined) return void registerHooks({ resolve: resolving(main) });
    const { port1, port2 } = new MessageChannel();
    port1.once('message', main).unref();
    nodeModule.register(new URL('./hooks.js', import.meta.url), { data: port2, transferList: [port2] });
    watchCommonJs(nodeModule.default as unknown as CommonJs);
  });
}

function resolving(main: () => void): ResolveSync {
  return (specifier, context, next) => {
    try {
      const resolved = next(specifier, context);
      found(resolved.url);
      if (context.parentURL === undefined) main();
      return resolved;
    } catch (error) {
      missed(specifier, context.parentURL);
      throw error;
    }
  };
}

/** `require` does not meet the hooks before Node 22.15. */
function watchCommonJs(loader: CommonJs): void {
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    try {
      const file = resolveFilename.call(this, request, parent, ...rest);
      if (file.startsWith('/') || /^[a-z]:\\/i.test(file)) found(pathToFileURL(file).href);
      return file;
    } catch (error) {
      if (parent?.filename) missed(request, pathToFileURL(parent.filename).href);
      throw error;
    }
  };
}
