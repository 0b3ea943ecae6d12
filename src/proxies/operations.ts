import { DynobotError } from '../errors.js';
import { MILLISECONDS, mustFit, type Rules } from '../rules.js';
import type { AssignableName, Sent, Snapshot, StandsFor } from '../types/remote.js';
import { functionView } from './function.js';
import { isReachableName, isReachableStatic } from './names.js';
import { referenceOf, View, type CallOptions, type Reference } from './reference.js';

/** Whether `value` is a proxy: a stand-in for a function or an object of another process. */
export function isProxy(value: unknown): boolean {
  return isReferable(value) && referenceOf(value) !== undefined;
}

/**
 * Tells the other process at once that this proxy is not needed any more, instead of when it is collected. Using it
 * afterwards fails with ERR_DYNOBOT_RELEASED. The same as `using proxy = …`. Twice is fine.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT if `proxy` is not one
 * @example
 * const channel = await irc.channel('#x');
 * release(channel);
 */
export function release(proxy: object): void {
  const reference = mustBeProxy(proxy, 'release');
  reference.session.release(reference);
}

/**
 * The primitive properties that the object had when its reference last arrived here, without asking for them again: what
 * a local listener would have seen at that moment. Undefined for functions.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT if `proxy` is not one
 * @example
 * irc.on('user', (user) => console.log(snapshot(user)?.nick));
 */
export function snapshot<T>(proxy: StandsFor<T>): Snapshot<T> | undefined;
export function snapshot(proxy: object): Readonly<Record<string, unknown>> | undefined;
export function snapshot(proxy: object): Readonly<Record<string, unknown>> | undefined {
  return mustBeProxy(proxy, 'snapshot').snapshot;
}

/**
 * Assigns a property of the object behind a proxy. The same as `proxy.name = value`, which TypeScript refuses because
 * reading that property gives a promise. It is sent in order with the calls around it; a refusal is told by the
 * connection's `error` event.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT if `proxy` is not one, or `name` never crosses; ERR_DYNOBOT_UNCLONABLE
 * @example
 * set(irc, 'autoReconnect', false);
 */
export function set<T, K extends AssignableName<T>>(proxy: StandsFor<T>, name: K, value: Sent<T[K]>): void {
  const reference = mustBeProxy(proxy, 'set');
  const isReachable = typeof proxy === 'function' ? isReachableStatic : isReachableName;
  if (typeof name !== 'string' || !isReachable(name)) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${String(name)} is a name that never crosses`);
  reference.session.assign(reference, name, value, proxy);
}

/**
 * The same object or function, whose calls have a deadline or can be given up: a view of the proxy, not another one.
 *
 * A call that is given up fails here at once, with ERR_DYNOBOT_TIMEOUT or the signal's reason. The other process may
 * carry it out nevertheless: give it an AbortSignal as an argument if it should know.
 *
 * @param options `timeout` in milliseconds; `signal`
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT if `proxy` is not one, for an option that is not known or not what it must be
 * @example
 * const info = await within(irc, { timeout: 500 }).whois('bob');
 */
export function within<T extends object>(proxy: T, options: CallOptions): T {
  const reference = mustBeProxy(proxy, 'within');
  mustFit(WITHIN_RULES, 'within()', 'option', options);
  if (typeof proxy === 'function') return functionView(proxy, reference, options) as T;
  return reference.mirror!.instance(new View(reference, options, proxy)) as T;
}

const WITHIN_RULES: Rules = {
  timeout: MILLISECONDS,
  signal: { is: 'an AbortSignal (of a controller, its signal)', fits: (value) => value instanceof AbortSignal },
};

function mustBeProxy(value: unknown, caller: string): Reference {
  const reference = isReferable(value) ? referenceOf(value) : undefined;
  if (reference === undefined) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${caller}() takes a proxy of another process's object`);
  return reference;
}

function isReferable(value: unknown): value is object | symbol {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol';
}
