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

/** @throws DynobotError ERR_DYNOBOT_DENIED */
export function mayReach(object: object, operation: Operation, name: string): void {
  const policy = anyPolicies ? policies.get(object) : undefined;
  if (policy === undefined) return;
  const denied = (policy.allow !== undefined && !policy.allow.includes(name)) || policy.deny?.includes(name) === true;
  if (denied || (policy.readOnly === true && operation === OPERATION.set)) {
    throw new DynobotError('ERR_DYNOBOT_DENIED', `${name} is not for clients to ${operation === OPERATION.set ? 'assign' : 'use'}`);
  }
}
