import { DynobotError, isProxy } from '../index.js';
import { isReachableName } from '../proxies/names.js';
import { Failure, UsageError } from './failure.js';
import { jsonLine } from './json.js';
import { membersOf } from './members.js';
import { print, show } from './output.js';
import { serviceOf, withHost, type HostOption } from './session.js';

interface CallOptions extends HostOption {
  json?: boolean;
  timeout?: string;
}

/** `dynobot call`: calls a method, or a service that is a function; reads a property; shows a service. */
export async function call(service: string, member: string | undefined, words: string[], options: CallOptions): Promise<void> {
  const timeout = options.timeout === undefined ? 0 : milliseconds(options.timeout);
  await withHost('call', options, async (connection) => {
    const result = await ask({ name: service, proxy: serviceOf(connection, service) }, member, words);
    await printResult(result, options.json === true ? jsonLine : show);
  }, { timeout });
}

interface Service {
  name: string;
  proxy: object;
}

type AnyFunction = (...args: unknown[]) => unknown;

function ask(service: Service, member: string | undefined, words: string[]): unknown {
  const { name, proxy } = service;
  const { methods, listening, properties } = membersOf(proxy);
  if (member !== undefined && listening.has(member)) throw new UsageError(`${name}.${member} is for listeners. To listen: dynobot events ${name} <event>`);
  if (member !== undefined && methods.has(member)) return (Reflect.get(proxy, member) as AnyFunction).apply(proxy, words.map(argument));
  const isProperty = member !== undefined && properties.has(member);
  if (typeof proxy === 'function' && !isProperty) return (proxy as AnyFunction)(...[...(member === undefined ? [] : [member]), ...words].map(argument));
  return member === undefined ? proxy : read(service, member, words);
}

/** Names that the object's class does not tell of may be properties all the same. */
async function read({ name, proxy }: Service, member: string, words: string[]): Promise<unknown> {
  const { methods, properties } = membersOf(proxy);
  const value = isReachableName(member) ? await Reflect.get(proxy, member) : undefined;
  if (value === undefined && !properties.has(member)) throw new Failure(`${name} has no ${member}. Its methods: ${[...methods].join(', ') || 'none'}`);
  if (words.length > 0) throw new UsageError(`${name}.${member} is a property, and takes no arguments`);
  return value;
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
  if (isIterable(result)) for await (const piece of result) printPiece(piece, format);
  else if (result !== undefined || format === jsonLine) print(format(result));
}

/** The bytes of a stream are passed on as they are. */
function printPiece(piece: unknown, format: Format): void {
  if (piece instanceof Uint8Array && format === show) process.stdout.write(piece);
  else print(format(piece));
}

/** A proxy of what can be iterated is not taken apart unasked. */
function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && !isProxy(value);
}
