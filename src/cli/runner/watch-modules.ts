import * as nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';
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

/** Reports every module that this process imports or requires from now on, also one that it cannot find. */
export function watchModules(): void {
  const { registerHooks } = nodeModule as Hooks;
  if (registerHooks !== undefined) return void registerHooks({ resolve: resolveSync });
  nodeModule.register(new URL('./hooks.js', import.meta.url));
  watchCommonJs(nodeModule.default as unknown as CommonJs);
}

const resolveSync: ResolveSync = (specifier, context, next) => {
  try {
    const resolved = next(specifier, context);
    found(resolved.url);
    return resolved;
  } catch (error) {
    missed(specifier, context.parentURL);
    throw error;
  }
};

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
