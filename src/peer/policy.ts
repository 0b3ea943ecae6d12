import { DynobotError } from '../errors.js';
import { OPERATION, type Operation } from '../wire.js';

/** What clients may reach of an object. Without a policy: all public members. */
export interface Policy {
  /** Only these members. */
  allow?: readonly string[];
  /** All members but these. */
  deny?: readonly string[];
  /** Properties can be read, but not assigned. */
  readOnly?: boolean;
}

const policies = new WeakMap<object, Policy>();
let anyPolicies = false;

/**
 * Narrows what clients may reach of `object`, wherever it crosses. Returns the object.
 *
 * @example
 * await host({ irc: narrow(client, { deny: ['quit', 'raw'] }) });
 */
export function narrow<T extends object>(object: T, policy: Policy): T {
  anyPolicies = true;
  policies.set(object, policy);
  return object;
}

/** Whether clients may use the member at all. The iterator is one: it is allowed and denied as `@@asyncIterator`. */
export function isAllowed(object: object, name: string): boolean {
  const policy = anyPolicies ? policies.get(object) : undefined;
  return policy === undefined || (policy.allow?.includes(name) !== false && policy.deny?.includes(name) !== true);
}

/** @throws DynobotError ERR_DYNOBOT_DENIED */
export function mayReach(object: object, operation: Operation, name: string): void {
  if (!isAllowed(object, name)) throw new DynobotError('ERR_DYNOBOT_DENIED', `${name} is not for clients to use`);
  if (operation !== OPERATION.set || !anyPolicies || policies.get(object)?.readOnly !== true) return;
  throw new DynobotError('ERR_DYNOBOT_DENIED', `${name} is not for clients to assign`);
}
