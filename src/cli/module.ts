import { realpathSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HostOptions } from '../index.js';
import { isPlainPrototype } from '../values/plain.js';
import { Failure, UsageError } from './failure.js';
import { allowTypeScript, commonJsExports, isAwaitInCommonJs, isTypeScript } from './typescript.js';

/** The export that is no service, but says how the host is to treat its clients. No service can have that name. */
const OPTIONS = 'dynobot';

export interface LoadedModule {
  services: Record<string, object>;
  /** The names of exports that are data, which cannot be services. */
  skipped: string[];
  /** What the module wants of its host. */
  options: Omit<HostOptions, 'name'>;
}

/** The file behind a path that was given on the command line. */
export function fileOf(path: string): string {
  const file = real(path);
  if (file === undefined) throw new UsageError(`There is no file ${path}`);
  if (statSync(file).isDirectory()) throw new UsageError(`${path} is a folder: name a file in it`);
  return file;
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

export function nameOfFile(file: string): string {
  return basename(file, extname(file));
}

/** Runs a module, and says what of it can be hosted. */
export async function loadModule(file: string): Promise<LoadedModule> {
  if (isTypeScript(file)) await allowTypeScript();
  const { [OPTIONS]: options, ...others } = exportsOf(await importModule(file), file);
  const exported = Object.entries(others);
  const isService = ([, value]: [string, unknown]): boolean => (typeof value === 'object' && value !== null) || typeof value === 'function';
  const services = Object.fromEntries(exported.filter(isService)) as Record<string, object>;
  return { services, skipped: exported.filter((entry) => !isService(entry)).map(([name]) => name), options: mustBeOptions(options, file) };
}

function mustBeOptions(options: unknown = {}, file: string): LoadedModule['options'] {
  const isPlain = typeof options === 'object' && options !== null && isPlainPrototype(Object.getPrototypeOf(options) as object | null);
  if (!isPlain) throw new UsageError(`${file} exports ${OPTIONS}, which must be an object with options of the host, such as { roles }`);
  if ('name' in options) throw new UsageError(`${file}: the host's name is not among the options that it exports as ${OPTIONS}, but the option --name`);
  return options;
}

export async function importModule(file: string): Promise<object> {
  try {
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    if (!isAwaitInCommonJs(error)) throw error;
    throw new Failure(`${file} awaits at its top level, which only an ES module can: name it .mts, or put "type": "module" in its package.json`);
  }
}

/** By name. The default export takes the file's; `default` if another export has that; none if it is exported by name, too. */
function exportsOf(namespace: object, file: string): Record<string, unknown> {
  const { default: unnamed, ...named } = namespaceOf(namespace, file) as { default?: unknown };
  if (unnamed === undefined || Object.values(named).includes(unnamed)) return named;
  const name = nameOfFile(file);
  return { ...named, [name in named ? 'default' : name]: unnamed };
}

/** Of a CommonJS module, Node names what it could guess; what counts is what the module assigned. */
function namespaceOf(namespace: object, file: string): object {
  const module = commonJsExports(file);
  if (module === undefined) return namespace;
  const { exports } = module;
  const isNamespace = typeof exports === 'object' && exports !== null && isPlainPrototype(Object.getPrototypeOf(exports) as object | null);
  return isNamespace ? { ...exports } : { default: exports };
}
