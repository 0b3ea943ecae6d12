import { constants } from 'node:os';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { DynobotError, type Host } from '../index.js';
import { Failure } from './failure.js';
import { fileOf, loadModule, nameOfFile, type LoadedModule } from './module.js';
import { colors, print, remark, stayWhenUnread } from './output.js';
import { RoleLog } from './role-log.js';
import { mustBeFree } from './free-name.js';
import { SessionLog } from './session-log.js';

type Library = typeof import('../index.js');

/** `dynobot host`: hosts every export of a module until a signal comes. */
export async function hostModule(path: string, options: { name?: string }): Promise<void> {
  const file = fileOf(path);
  const name = options.name ?? nameOfFile(path);
  await mustBeFree('host', name);
  const { services, skipped, options: wanted } = await loadModule(file);
  if (skipped.length > 0) remark(`Not hosted, since neither objects nor functions: ${skipped.join(', ')}`);
  if (Object.keys(services).length === 0) throw new Failure(`${path} exports nothing that can be hosted: an object, a function or a class`);
  stayWhenUnread();
  const { host } = await libraryOf(file);
  const made = await host(services, { ...wanted, name }).catch((error: unknown) => {
    throw isArgument(error) ? new DynobotError('ERR_DYNOBOT_ARGUMENT', `${file} cannot be hosted: ${error.message}`) : error;
  });
  new SessionLog().follow(made);
  new RoleLog().follow(made);
  closeOnSignals(made);
  print(readyLine(name, services));
}

/**
 * The copy of dynobot that the module itself imports, if it has one: what the module declares (`narrow`, `byReference`,
 * `declareListeners`) is known to that copy only.
 */
async function libraryOf(file: string): Promise<Library> {
  let own: string;
  try {
    own = createRequire(file).resolve('dynobot');
  } catch {
    return import('../index.js');
  }
  return (await import(pathToFileURL(own).href)) as Library;
}

function readyLine(name: string, services: LoadedModule['services']): string {
  const { bold, green } = colors(process.stdout);
  return `${green('hosting')} ${Object.keys(services).join(', ')} as ${bold(name)}: connect(${JSON.stringify(name)}), or dynobot repl --host ${name}`;
}

/** By its code: the error may be of the module's own copy. */
function isArgument(error: unknown): error is Error {
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_DYNOBOT_ARGUMENT';
}

/**
 * The first signal ends all sessions, so that clients hear of it, and then the process; the second ends it at once. A
 * module that listens for the signal itself decides itself when the process is to end.
 */
function closeOnSignals(made: Host): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(128 + constants.signals[signal]));
      const isOurs = process.listenerCount(signal) === 1;
      void made.close().then(() => {
        if (isOurs) process.exit();
      });
    });
  }
}
