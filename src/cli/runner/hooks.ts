import type { ResolveHook } from 'node:module';
import { found, missed } from './resolving.js';

/** Of the thread that resolves modules, before Node 22.15: reports each. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    const resolved = await next(specifier, context);
    found(resolved.url);
    return resolved;
  } catch (error) {
    missed(specifier, context.parentURL);
    throw error;
  }
};
