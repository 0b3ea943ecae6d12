import { DynobotError, protocolError } from '../errors.js';
import type { Ledger } from '../listeners/ledger.js';
import { isHostileName, isReachableStatic } from '../proxies/names.js';
import { iterationOf } from '../values/iterator.js';
import { ITERATE, OPERATION, type Operation } from '../wire.js';
import type { Export } from './exports.js';
import { mayReach } from './policy.js';

export interface Request {
  operation: Operation;
  /** Of the member; 0 for operations on the value itself. */
  name: string | 0;
  args: unknown[];
  receiver: unknown;
}

type Members = Record<string, unknown>;
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Does what a peer asks of a value of ours. Throws what the value throws; a protocol error if no honest peer asks it. */
export function perform(entry: Export, request: Request, ledger: Ledger): unknown {
  if (entry.withdrawn) throw new DynobotError('ERR_DYNOBOT_NO_SERVICE', 'the service has been withdrawn');
  const { operation, name, args } = request;
  if (typeof entry.value === 'symbol') throw protocolError('it uses a symbol as an object');
  if (operation === OPERATION.apply) return apply(entry, request);
  if (operation === OPERATION.construct) return Reflect.construct(mustBeFunction(entry.value), args);
  if (typeof name !== 'string' || (name !== ITERATE && isHostileName(name))) throw protocolError(`it asks for the member ${JSON.stringify(name)}`);
  if (typeof entry.value === 'function' && !isReachableStatic(name)) throw protocolError(`it asks for the function's member ${JSON.stringify(name)}`);
  mayReach(entry.value, operation, name);
  if (operation === OPERATION.method) return callMethod(entry, entry.value as Members, name, args, ledger);
  if (operation === OPERATION.get) return (entry.value as Members)[name];
  if (!Reflect.set(entry.value, name, args[0])) throw new TypeError(`Cannot assign to ${name}`);
  return undefined;
}

function apply(entry: Export, { receiver, args }: Request): unknown {
  return mustBeFunction(entry.value).apply(receiver ?? entry.container, args);
}

function callMethod(entry: Export, target: Members, name: string, args: unknown[], ledger: Ledger): unknown {
  if (name === ITERATE) return iterationOf(target);
  const method = target[name];
  if (typeof method !== 'function') throw new TypeError(`${name} is not a function`);
  return entry.shape?.listening[name] === undefined ? (method as AnyFunction).apply(target, args) : ledger.perform(target, name, args);
}

function mustBeFunction(value: unknown): AnyFunction {
  if (typeof value !== 'function') throw protocolError('it calls what is not a function');
  return value as AnyFunction;
}
