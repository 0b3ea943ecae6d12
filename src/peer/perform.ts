import { DynobotError, protocolError } from '../errors.js';
import type { Ledger } from '../listeners/ledger.js';
import { performListening } from '../listeners/perform.js';
import { isOpened } from '../proxies/names.js';
import { referenceOf } from '../proxies/reference.js';
import { reaches } from '../proxies/shape.js';
import { isCarrier } from '../values/carrier.js';
import { iterationOf } from '../values/iterator.js';
import { ITERATE, ITERATE_SYNC, OPERATION, type Operation } from '../wire.js';
import type { Export } from './exports.js';
import { extend, isOnObject, iteratorOf, performOnObject } from './object-operations.js';
import { lend, mustBeNoMethod, type Gate } from './policy.js';

export interface Request {
  operation: Operation;
  /** Of the member; 0 for operations on the value itself. */
  name: string | 0;
  args: unknown[];
  receiver: unknown;
}

/** What of its session a use of our values needs. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly gate: Gate;
}

/** Which of our objects the other side extends by one of its own, and what they are without that. */
interface Extensions {
  extended(object: object, token: unknown): void;
  baseOf(object: object): object | undefined;
}

const NO_EXTENSIONS: Extensions = { extended: () => {}, baseOf: () => undefined };

type Members = Record<string, unknown>;
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const CALLING = new Set<Operation>([OPERATION.apply, OPERATION.method, OPERATION.notify]);

/** @throws a protocol error for what no honest peer asks: it ends the session */
export function admit({ value }: Export, { operation, name }: Request): void {
  if (!CALLING.has(operation) && isCarrier(value)) throw protocolError('it looks into what a stream or a promise works by');
  switch (operation) {
    case OPERATION.apply:
    case OPERATION.construct:
    case OPERATION.notify:
      if (typeof value !== 'function') throw protocolError('it calls what is not a function');
      return;
    case OPERATION.properties:
    case OPERATION.extend:
      if (typeof value === 'symbol') throw protocolError('it uses a symbol as an object');
      return;
    case OPERATION.method:
    case OPERATION.get:
    case OPERATION.set:
    case OPERATION.has:
    case OPERATION.delete:
    case OPERATION.property:
    case OPERATION.define:
      if (typeof value === 'symbol') throw protocolError('it uses a symbol as an object');
      if ((name === ITERATE || name === ITERATE_SYNC) && operation === OPERATION.method) return;
      if (typeof name === 'string' && mayName(value, name)) return;
      throw protocolError(`it asks for the member ${JSON.stringify(name)}`);
    default:
      throw protocolError('it asks for an unknown operation');
  }
}

function mayName(value: object, name: string): boolean {
  return reaches(referenceOf(value)?.mirror?.shape, name, typeof value === 'function') || isOpened(value, name);
}

/** Does what was admitted. Throws what the value throws. */
export function perform(entry: Export, request: Request, { ledger, gate }: Surroundings, extensions = NO_EXTENSIONS): unknown {
  const { operation, name, args, receiver } = request;
  if (entry.withdrawn) throw new DynobotError('ERR_DYNOBOT_NO_SERVICE', 'the service has been withdrawn');
  gate.pass(entry, request);
  if (operation === OPERATION.apply || operation === OPERATION.notify) return (entry.value as AnyFunction).apply(receiver ?? entry.container, args);
  if (operation === OPERATION.construct) return Reflect.construct(entry.value as AnyFunction, args);
  const target = entry.value as Members;
  if (operation !== OPERATION.method) mustBeNoMethod(entry.shape, target, operation, name);
  if (isOnObject(operation)) return performOnObject(entry, operation, name, args);
  if (operation === OPERATION.extend) return extendFor(extensions, entry, args);
  if (operation === OPERATION.method) return callMethod(entry, target, name as string, args, ledger, extensions.baseOf(target));
  if (operation === OPERATION.get) return lend(target, name as string, target[name as string]);
  if (!Reflect.set(target, name, args[0])) throw new TypeError(`Cannot assign to ${name}`);
  return undefined;
}

function extendFor(extensions: Extensions, entry: Export, args: unknown[]): object {
  return extend(entry, args, (prototype) => extensions.extended(prototype, args[0]));
}

/** `base`: who extends the object calls what its own methods override. */
function callMethod(entry: Export, target: Members, name: string, args: unknown[], ledger: Ledger, base: object | undefined): unknown {
  if (name === ITERATE) return iterationOf(target);
  if (name === ITERATE_SYNC) return iteratorOf(target);
  const method: unknown = base === undefined ? target[name] : Reflect.get(base, name, target);
  if (typeof method !== 'function') throw new TypeError(`${name} is not a function`);
  return entry.shape?.listening[name] === undefined ? (method as AnyFunction).apply(target, args) : performListening(ledger, target, name, args);
}
