import { CODES, DynobotError, type ErrorCode } from '../errors.js';
import { Carried } from './carrier.js';
import { text, texts } from './check.js';
import type { AnyKind, Kind } from './kind.js';
import { isPlainPrototype } from './plain.js';
import { nameOf } from './realm.js';

/** An error that came from another process. */
export interface RemoteError extends Error {
  /** The stack of the process that threw. `stack` is that of this process, where it was waited for, with the other below. */
  readonly remoteStack: string;
}

interface Head {
  /** The names of its classes, its own first, up to the one that is built in. */
  classes: string[];
  base: string;
  name: string;
  message: string;
  stack: string;
  /** Its identity, if it has one across processes. */
  self?: object;
}

type ErrorClass = new (message?: string) => Error;

/** By name, so that a peer's string finds nothing else. */
const bases = new Map<string, ErrorClass>([
  ['Error', Error], ['EvalError', EvalError], ['RangeError', RangeError], ['ReferenceError', ReferenceError],
  ['SyntaxError', SyntaxError], ['TypeError', TypeError], ['URIError', URIError],
  ['AggregateError', class extends AggregateError { constructor(message?: string) { super([], message); } }],
]);
const baseNames = new Map<object, string>([...bases].map(([name, base]) => [base.prototype as object, name]));
baseNames.set(AggregateError.prototype, 'AggregateError');

/** One local class a remote one, so that errors of one class share theirs. Bounded: the names are the peer's. */
const mirrors = new Map<string, ErrorClass>();
const MOST_MIRRORS = 1000;
const DEEPEST = 20;
const LONGEST_NAME = 200;

function classesOf(error: Error): { classes: string[]; base: string } {
  const classes: string[] = [];
  let prototype = Object.getPrototypeOf(error) as object | null;
  for (; prototype !== null && baseOf(prototype) === undefined && classes.length < DEEPEST; prototype = Object.getPrototypeOf(prototype) as object | null) {
    const name = nameOf(prototype);
    if (name !== undefined) classes.push(name.slice(0, LONGEST_NAME));
  }
  return { classes, base: (prototype && baseOf(prototype)) ?? 'Error' };
}

/** The name of the built-in class that a prototype belongs to, also if it is that of another realm. */
function baseOf(prototype: object): string | undefined {
  const known = baseNames.get(prototype);
  if (known !== undefined) return known;
  const name = nameOf(prototype);
  const above = name !== undefined && bases.has(name) ? (Object.getPrototypeOf(prototype) as object | null) : null;
  if (above === null) return undefined;
  const isOfRoot = name === 'Error' ? above !== Object.prototype && isPlainPrototype(above) : nameOf(above) === 'Error' && !baseNames.has(above);
  return isOfRoot ? name : undefined;
}

function mirror(classes: readonly string[], base: string): ErrorClass {
  if (!bases.has(base)) base = 'Error';
  const key = JSON.stringify([base, ...classes]);
  let mirrored = mirrors.get(key);
  if (mirrored !== undefined) return mirrored;
  const [name, ...parents] = classes;
  if (name === undefined) return bases.get(base) ?? Error;
  const Parent = mirror(parents, base);
  mirrored = class extends Parent {};
  Object.defineProperty(mirrored, 'name', { value: name });
  if (mirrors.size >= MOST_MIRRORS) mirrors.clear();
  mirrors.set(key, mirrored);
  return mirrored;
}

/** Properties that cross as the head, or are made anew. */
const MADE = new Set(['message', 'stack', 'remoteStack']);

function propertiesOf(error: Error): Record<string, unknown> {
  const properties: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(error)) if (!MADE.has(key)) properties[key] = error[key as keyof Error];
  for (const key of ['cause', 'errors', 'name']) if (Object.hasOwn(error, key)) properties[key] = error[key as keyof Error];
  return properties;
}

const VISIBLE = { writable: true, enumerable: true, configurable: true };
const HIDDEN = { writable: true, enumerable: false, configurable: true };

function define(error: Error, properties: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(properties)) {
    if (MADE.has(key) || (key === 'name' && typeof value !== 'string')) continue;
    const hidden = key === 'cause' || key === 'errors' || key === 'name';
    Object.defineProperty(error, key, { value, ...(hidden ? HIDDEN : VISIBLE) });
  }
}

const ELSEWHERE = '\n  in another process:\n';

/** Its own part without our frames, and what it brought from elsewhere. */
function stackOf(error: Error): string {
  const [own = '', ...elsewhere] = String(error.stack).split(ELSEWHERE);
  return [ownFrames(own), ...elsewhere].join(ELSEWHERE);
}

let ours: string | undefined;
/** Where our code is. Asked for by the first error that crosses: Node makes `import.meta` only then, which takes a while. */
const ourPlace = (): string => (ours ??= new URL('..', import.meta.url).href);

/** The frames of the code that threw, without those by which we called it. */
function ownFrames(stack: string): string {
  const lines = stack.split('\n');
  const place = ourPlace();
  const end = lines.findIndex((line) => line.includes(place));
  return end <= 1 ? stack : lines.slice(0, end).join('\n');
}

/**
 * Gives an error that is thrown here the stack of this place (what `below` was called by), with the one that it came with
 * underneath: whoever prints it should see both.
 */
export function throwHere(error: Error, below: unknown): void {
  const { remoteStack } = error as Partial<RemoteError>;
  // One of this process's own that has come home knows where it was made.
  if (remoteStack === undefined && !(error instanceof DynobotError)) return;
  captureStackTrace?.(error, below);
  if (typeof remoteStack === 'string' && remoteStack !== '' && captureStackTrace !== undefined) error.stack += ELSEWHERE + remoteStack.replace(/^/gm, '  ');
}

/** V8 has it, others need not. */
const { captureStackTrace } = Error as { captureStackTrace?: (error: object, below: unknown) => void };

/** Until it is thrown here, an error has no stack but the one it came with. */
function remember(error: Error, stack: string): Error {
  Object.defineProperty(error, 'stack', { value: text(stack) === '' ? `${error.name}: ${error.message}` : stack, ...HIDDEN });
  Object.defineProperty(error, 'remoteStack', { value: stack, ...HIDDEN });
  return error;
}

function headOf(value: Error, stack: string): Head {
  const self = identities.known(value);
  return { ...classesOf(value), name: String(value.name), message: String(value.message), stack, ...(self && { self }) };
}

/**
 * Errors are copied: class names, message, own properties, `cause` and `errors`. A class of the user's arrives as a local
 * class of that name below the same built-in class.
 */
export const error: Kind<Error, Head, Record<string, unknown>> = {
  tag: 'Error',
  is: (value) => value instanceof Error,
  head: (value) => headOf(value, stackOf(value)),
  create: (head) => {
    if (head.self === undefined) return copyOf(head);
    if (!isObject(head.self)) throw new TypeError('an error has a wrong identity');
    return identities.value(head.self, () => copyOf(head));
  },
  body: propertiesOf,
  fill: (value, properties) => {
    if (unfilled.delete(value)) define(value, properties);
  },
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** By what an error is known for the same when it comes back. The error itself is copied nevertheless. */
const identities = new Carried<Error, object>();

/** Copies that lack their properties. What has come home is the original, and has its own. */
const unfilled = new WeakSet<Error>();

/** Of a client that blocks: what it throws over there, or hands over, is the same error when it comes back. */
export function withIdentity(kind: Kind): Kind {
  return {
    ...kind,
    head: (value, crossing) => {
      identities.carrier(value as Error, () => ({}));
      return kind.head(value, crossing);
    },
  };
}

function copyOf({ classes, base, name, message, stack }: Head): Error {
  const Class = mirror(texts(classes).slice(0, DEEPEST).map((one) => one.slice(0, LONGEST_NAME)), text(base));
  const made = new Class(text(message));
  if (base === 'AggregateError' && classes.length === 0) Object.setPrototypeOf(made, AggregateError.prototype);
  if (made.name !== name) Object.defineProperty(made, 'name', { value: text(name), ...HIDDEN });
  unfilled.add(made);
  return remember(made, stack);
}

/** DOMException keeps `name` and `code` in slots of its own. */
export const domException: Kind<DOMException, [message: string, name: string, stack: string], Record<string, unknown>> = {
  tag: 'DOMException',
  is: (value) => value instanceof DOMException,
  head: (value) => [value.message, value.name, stackOf(value)],
  create: ([message, name, stack]) => remember(new DOMException(text(message), text(name)), stack) as DOMException,
  body: propertiesOf,
  fill: define,
};

/** Our own errors stay our own, so that `instanceof DynobotError`, `code` and `kind` hold everywhere. */
export const dynobotError: Kind<DynobotError, [code: string, message: string, stack: string], Record<string, unknown>> = {
  tag: 'DynobotError',
  is: (value) => value instanceof DynobotError,
  head: (value) => [value.code, value.message, stackOf(value)],
  create: ([code, message, stack]) => {
    const known = Object.hasOwn(CODES, code) ? (code as ErrorCode) : 'ERR_DYNOBOT_PROTOCOL';
    return remember(new DynobotError(known, text(message)), stack) as DynobotError;
  },
  body: propertiesOf,
  fill: define,
};

/** The same, for a peer that is not to see the stacks, and with them the paths, of this process. */
export const errorsWithoutStack: readonly AnyKind[] = [
  { ...error, head: (value: Error) => headOf(value, '') },
  { ...domException, head: (value: DOMException) => [value.message, value.name, ''] },
  { ...dynobotError, head: (value: DynobotError) => [value.code, value.message, ''] },
];
