import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { DynobotError, isProxy } from '../index.js';
import { isReachableName } from '../proxies/names.js';
import { Failure, UsageError } from './failure.js';
import { jsonLine } from './json.js';
import { allMembersOf, membersOf } from './members.js';
import { print, show } from './output.js';
import { serviceOf, withHost, type HostOption } from './session.js';

interface CallOptions extends HostOption {
  json?: boolean;
  timeout?: string;
}

/** `dynobot call`: calls a method, or a service that is a function; reads a property; shows a service. */
export async function call(service: string, member: string | undefined, words: string[], options: CallOptions): Promise<void> {
  const timeout = options.timeout === undefined ? 0 : milliseconds(options.timeout);
  await withHost('call', { ...options, services: [service] }, async (connection) => {
    const result = await ask(...(await behind({ name: service, proxy: serviceOf(connection, service) }, member)), words);
    await printResult(result, options.json === true ? jsonLine : show);
  }, { timeout });
}

interface Service {
  name: string;
  proxy: object;
}

/**
 * What a path leads to: `user.nick` is the `nick` of what `user` is. A name with a dot in it goes before a path.
 *
 * @returns the object that the last name is asked of, and that name
 */
async function behind(service: Service, path: string | undefined): Promise<[Service, string | undefined]> {
  const dot = path?.indexOf('.') ?? -1;
  if (path === undefined || dot <= 0 || dot === path.length - 1 || hasMember(service.proxy, path)) return [service, path];
  const [first, rest] = [firstOf(path), path.slice(dot + 1)];
  // Of a function it is the first argument.
  if (typeof service.proxy === 'function' && !hasMember(service.proxy, first)) return [service, path];
  const value = await read(service, first, []);
  const name = `${service.name}.${first}`;
  if (!leadsOn(value, firstOf(rest))) throw new Failure(`${name} is ${inspect(value)}, and has no ${rest}`);
  return behind({ name, proxy: value }, rest);
}

function leadsOn(value: unknown, name: string): value is object {
  return typeof value === 'function' ? hasMember(value, name) : typeof value === 'object' && value !== null;
}

function firstOf(path: string): string {
  return path.split('.', 1)[0]!;
}

function hasMember(object: object, name: string): boolean {
  const { methods, properties } = membersOf(object);
  return methods.has(name) || properties.has(name);
}

type AnyFunction = (...args: unknown[]) => unknown;

function ask(service: Service, member: string | undefined, words: string[]): unknown {
  const { name, proxy } = service;
  const { methods, listening, properties } = membersOf(proxy);
  if (member !== undefined && listening.has(member)) throw new UsageError(`${name}.${member} is for listeners. To listen: dynobot events ${name} <event>`);
  if (member !== undefined && methods.has(member)) return (Reflect.get(proxy, member) as AnyFunction).apply(proxy, words.map(argument));
  const isProperty = member !== undefined && properties.has(member);
  if (typeof proxy === 'function' && !isProperty) return callFunction(service, member === undefined ? words : [member, ...words]);
  return member === undefined ? proxy : read(service, member, words);
}

async function callFunction({ name, proxy }: Service, words: string[]): Promise<unknown> {
  try {
    return await (proxy as AnyFunction)(...words.map(argument));
  } catch (error) {
    if (isClassCalled(error, proxy)) throw new UsageError(`${name} is a class, and what \`new\` makes of it is gone when a command ends. Use it in: dynobot repl ${name}`);
    throw error;
  }
}

/** Only the class itself knows that it is none of those functions that need no `new`. */
function isClassCalled(error: unknown, proxy: object): boolean {
  return error instanceof TypeError && error.message === `Class constructor ${(proxy as AnyFunction).name} cannot be invoked without 'new'`;
}

/** Names that the object's class does not tell of may be properties all the same. */
async function read({ name, proxy }: Service, member: string, words: string[]): Promise<unknown> {
  const value = isReachableName(member) ? await Reflect.get(proxy, member) : undefined;
  if (value === undefined) await mustHave({ name, proxy }, member);
  if (words.length > 0 && typeof value === 'function') throw new UsageError(`${name}.${member} is a method of data, which is copied: no call of it reaches the host`);
  if (words.length > 0) throw new UsageError(`${name}.${member} is a property, and takes no arguments`);
  return value;
}

async function mustHave({ name, proxy }: Service, member: string): Promise<void> {
  const { methods, properties } = await allMembersOf(proxy);
  if (!properties.has(member)) throw new Failure(`${name} has no ${member}. Its methods: ${listed(methods)}. Its properties: ${listed(properties)}`);
}

/** An array may have a million. */
const MOST_LISTED = 200;

function listed(names: ReadonlySet<string>): string {
  const more = names.size - MOST_LISTED;
  return ([...names].slice(0, MOST_LISTED).join(', ') || 'none') + (more > 0 ? ` and ${more} more` : '');
}

/** What is JSON is meant as JSON. To send the string `5`, write '"5"'. */
function argument(word: string): unknown {
  try {
    return JSON.parse(word) as unknown;
  } catch {
    return word;
  }
}

function milliseconds(text: string): number {
  const ms = Number(text);
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `--timeout takes milliseconds, not ${JSON.stringify(text)}`);
}

type Format = (value: unknown) => string;

/** What comes piece by piece (streams, generators) is printed piece by piece, and nothing is printed for nothing. */
async function printResult(result: unknown, format: Format): Promise<void> {
  const isStream = result instanceof Readable || result instanceof ReadableStream;
  if (isIterable(result)) for await (const piece of result) printPiece(piece, { format, isStream });
  else if (result !== undefined || format === jsonLine) print(format(result));
}

/** Bytes, and the text of a stream, which may be cut anywhere, are passed on as they are. */
function printPiece(piece: unknown, { format, isStream }: { format: Format; isStream: boolean }): void {
  const isRaw = piece instanceof Uint8Array || (isStream && typeof piece === 'string');
  if (isRaw && format === show) process.stdout.write(piece);
  else print(format(piece));
}

/** A proxy of what can be iterated is not taken apart unasked. */
function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && !isProxy(value);
}
