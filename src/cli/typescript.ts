import { createRequire } from 'node:module';

/** Whether Node needs help to run the file. */
export function isTypeScript(file: string): boolean {
  return /\.([cm]?ts|[tj]sx)$/.test(file);
}

/** Lets this process import TypeScript from now on. */
export async function allowTypeScript(): Promise<void> {
  const [commonJs, modules] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
  commonJs.register();
  modules.register();
}

/** What lets another process run TypeScript: arguments of `node`. */
export function typeScriptArguments(): string[] {
  return ['--import', import.meta.resolve('tsx')];
}

/** What made a module fail that waits at its top level, in a package whose modules are CommonJS. */
export function isAwaitInCommonJs(error: unknown): boolean {
  return error instanceof Error && /top-level await .*"cjs"/i.test(error.message);
}

/** What a CommonJS module has assigned to `module.exports`; undefined if the file is no such module. */
export function commonJsExports(file: string): { exports: unknown } | undefined {
  return createRequire(file).cache[file];
}
