import { DynobotError } from '../errors.js';
import { isOpened, openNames } from '../proxies/names.js';
import { referenceOf } from '../proxies/reference.js';
import type { Shape } from '../proxies/shape.js';
import { isCarrier } from '../values/carrier.js';
import { byReference } from '../values/marks.js';
import { isPlainArrayPrototype, isPlainPrototype } from '../values/plain.js';
import { ITERATE, ITERATE_SYNC, OPERATION, type Operation } from '../wire.js';
import { checkNarrowing } from './check-policy.js';
import type { Export } from './exports.js';
import type { Request } from './perform.js';
import { allowedBy, refusedBy, type PathRules } from './paths.js';

/** What a client does to a member, or to a function itself. */
export type ReachOperation = 'call' | 'get' | 'set' | 'construct' | 'iterate';

/** One use of a hosted object, as a guard sees it. */
export interface GuardedCall {
  /** Who: `id` as in the host's report, the name and process that the client has given. */
  readonly session: { readonly id: number; readonly client: string; readonly pid: number };
  /** The service; empty for an object that was narrowed by itself. */
  readonly service: string;
  /** From the service: `say`, `channel.join` for what a call of `channel` has handed out. Empty: the service itself is called. */
  readonly path: string;
  readonly operation: ReachOperation;
  /** As they arrived: data, and proxies of what is the client's. */
  readonly args: readonly unknown[];
}

/**
 * What clients may reach of an object, and of what it hands out. Without a policy: all public members.
 *
 * A rule is a path, in which `*` stands for one name and `**` for any number of them, or a function that is asked. A path
 * begins at the service, and has no `()`; one that could be of no member is refused. What a call hands out is at the path of the call: with `allow: ['channel', 'channel.join']`,
 * `irc.channel('#x')` can be called, and of what it returns only `join`.
 *
 * Plain objects are copied, without what is denied in them (`config.password`). What crosses in one by reference has its name
 * in its path, too; to be allowed, it need not: of `{ reply }`, an argument of an event, `reply` is at `on.reply`, and allowed
 * with `on`.
 */
export interface Policy {
  /** Only these. */
  allow?: PathRules;
  /** All but these, whatever is allowed. */
  deny?: PathRules;
  /** These can be read, but not assigned; `true`: nothing can be assigned. */
  readOnly?: boolean | PathRules;
  /** Asked last, for each use. Refuses by returning false, or by throwing, which the client gets. It must not be async. */
  guard?(call: GuardedCall): unknown;
  /** For `narrow` alone: members that are closed by themselves. Names that begin with `_` can be used, methods can be replaced. */
  open?: readonly string[];
  /** For `narrow` alone: properties whose plain objects and arrays clients work on in place, with all that is in them, not on copies. */
  inPlace?: readonly string[];
}

const policies = new WeakMap<object, Policy>();
let anyPolicies = false;

/**
 * Narrows (or by `open` and `inPlace` widens) what clients may reach of `object` and of what inherits from it, wherever it
 * crosses. Paths are names of its members: it does not hold for what they hand out. For that, give the service a policy:
 * `host(services, { reach })`. Returns the object.
 *
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT for what is no object, a rule that is not known, or a path that cannot be one
 * @example
 * await host({ irc: narrow(client, { deny: ['quit', 'raw'] }) });
 * narrow(Client.prototype, { open: ['_state'] });           // of every Client
 */
export function narrow<T extends object>(object: T, policy: Policy): T {
  checkNarrowing(object, policy);
  anyPolicies = true;
  policies.set(object, policy);
  if (policy.open !== undefined) openNames(object, policy.open);
  return object;
}

/** Its own, or that of the nearest object that it inherits from. */
function policyOf(object: object): Policy | undefined {
  if (!anyPolicies || typeof object === 'symbol') return undefined;
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const policy = policies.get(at);
    if (policy !== undefined) return policy;
  }
  return undefined;
}

/** Whether there is anything that clients may not do to it. */
export function isRestricted({ value, way }: Export): boolean {
  return way !== undefined || narrows(value as object);
}

function narrows(object: object): boolean {
  const policy = policyOf(object);
  return policy !== undefined && isNarrowing(policy);
}

function isNarrowing({ allow, deny, readOnly, guard }: Policy): boolean {
  return allow !== undefined || deny !== undefined || guard !== undefined || (readOnly !== undefined && readOnly !== false);
}

const lent = new WeakSet<object>();

/** The value of a property, made to cross by reference if clients are to work on it in place. */
export function lend(object: object, name: string, value: unknown): unknown {
  if (!anyPolicies || typeof value !== 'object' || value === null || referenceOf(value) !== undefined) return value;
  const prototype = Object.getPrototypeOf(value) as object | null;
  const isContainer = Array.isArray(value) ? isPlainArrayPrototype(prototype) : isPlainPrototype(prototype);
  if (!isContainer || (!lent.has(object) && policyOf(object)?.inPlace?.includes(name) !== true)) return value;
  lent.add(value);
  return byReference(value);
}

/** Whether clients may use the member at all. The iterator is one: it is allowed and denied as `@@asyncIterator`. */
export function isAllowed({ value, way }: Export, name: string): boolean {
  const policy = policyOf(value as object);
  if (policy !== undefined && !allows(policy, [name], 'get')) return false;
  return way === undefined || allows(way.policy, way.to(name), 'get');
}

/** Whether nothing may be told of an object unasked: who guards it decides on each use. */
export function isGuarded({ value, way }: Export): boolean {
  return way?.policy.guard !== undefined || policyOf(value as object)?.guard !== undefined;
}

/** Where one session must get past, with everything that it does to our values. */
export class Gate {
  constructor(
    private readonly session: () => GuardedCall['session'],
    private readonly find: (value: object) => Export | undefined,
  ) {}

  /** @throws DynobotError ERR_DYNOBOT_DENIED; what a guard throws */
  pass(entry: Export, request: Request): void {
    this.#passTarget(entry, request);
    if (request.receiver !== undefined) this.#passReceiver(request.receiver);
  }

  #passTarget(entry: Export, request: Request): void {
    const { value, way } = entry;
    const own = policyOf(value as object);
    if (own === undefined && way === undefined) return;
    // What a stream or a promise works by is ours: only what it hands out is the user's.
    if (isCarrier(value)) return;
    const names = request.name === 0 ? NAMELESS : namesOf(entry.shape, request.name);
    if (own !== undefined) this.#mayPass(own, '', names.map((name) => (name === 0 ? '' : name)), request);
    if (way !== undefined) this.#mayPass(way.policy, way.service, names.flatMap((name) => way.to(name)), request);
  }

  /** What a function is called on: of an object that is restricted, that could be any method's, here or in a third process. */
  #passReceiver(receiver: unknown): void {
    if (typeof receiver !== 'object' || receiver === null || referenceOf(receiver) !== undefined) return;
    if (!narrows(receiver) && this.find(receiver)?.way === undefined) return;
    throw denied('a function cannot be called on an object that is restricted');
  }

  #mayPass(policy: Policy, service: string, paths: readonly string[], { operation, args, name }: Request): void {
    const what = describe(operation, name);
    const path = paths[0]!;
    const called = path === '' ? service : path;
    if (!(name === 0 && path === '' ? allowsItself(policy, what) : allows(policy, paths, what))) throw denied(`${called} is not for clients to use`);
    if (what === 'set' && isReadOnly(policy, paths)) throw denied(`${path} is not for clients to assign`);
    if (policy.guard === undefined) return;
    const verdict: unknown = policy.guard({ session: this.session(), service, path, operation: what, args });
    if (verdict === false) throw denied(`${called} was refused`);
    if (typeof verdict !== 'object' || verdict === null || !('then' in verdict)) return;
    Promise.resolve(verdict).catch(() => {});
    throw denied('a guard must not be async: nothing was done');
  }
}

/** One method may have several names: it is allowed, and denied, by each. */
function allows({ allow, deny }: Policy, paths: readonly string[], operation: ReachOperation): boolean {
  if (allow !== undefined && !paths.some((path) => allowedBy(allow, path, operation))) return false;
  return deny === undefined || !paths.some((path) => refusedBy(deny, path, operation));
}

/** The service itself is there to be used, unless calling or constructing it is denied. */
function allowsItself({ deny }: Policy, operation: ReachOperation): boolean {
  return deny === undefined || operation === 'get' || !refusedBy(deny, '', operation);
}

const NAMELESS = [0] as const;

/** All names that a class has for one method (`on` and `addListener`), the shortest first. */
function namesOf(shape: Shape | undefined, name: string): readonly string[] {
  for (let at = shape; at !== undefined; at = at.parent) {
    const first = at.aliases?.[name] ?? name;
    const others = Object.entries(at.aliases ?? {}).filter(([, same]) => same === first).map(([alias]) => alias);
    if (others.length > 0) return [first, ...others].sort((one, other) => one.length - other.length);
  }
  return [name];
}

function isReadOnly({ readOnly = false }: Policy, paths: readonly string[]): boolean {
  return typeof readOnly === 'boolean' ? readOnly : paths.some((path) => refusedBy(readOnly, path, 'set'));
}

function describe(operation: Operation, name: string | 0): ReachOperation {
  switch (operation) {
    case OPERATION.get:
    case OPERATION.has:
    case OPERATION.property:
    case OPERATION.properties:
      return 'get';
    case OPERATION.set:
    case OPERATION.delete:
    case OPERATION.define:
      return 'set';
    case OPERATION.construct:
    case OPERATION.extend:
      return 'construct';
    default:
      return name === ITERATE || name === ITERATE_SYNC ? 'iterate' : 'call';
  }
}

const CHANGING = new Set<Operation>([OPERATION.set, OPERATION.delete, OPERATION.define]);

/**
 * A method is called, never taken: a function that was taken off its object could be called on another one, and attach
 * what no ledger knows of. Nor is it replaced.
 *
 * @throws DynobotError ERR_DYNOBOT_DENIED
 */
export function mustBeNoMethod(shape: Shape | undefined, target: object, operation: Operation, name: string | 0): void {
  if (name === 0 || isOpened(target, name)) return;
  if ((operation === OPERATION.get || operation === OPERATION.property) && isMethod(shape, name)) throw denied(`${name} is a method: call it`);
  if (CHANGING.has(operation) && isOwnFunction(target, name)) throw denied(`${name} is a method: it is not for clients to assign`);
}

function isMethod(shape: Shape | undefined, name: string): boolean {
  for (let at = shape; at !== undefined; at = at.parent) {
    if (at.listening[name] !== undefined || at.methods.includes(name)) return true;
    if (at.accessors.includes(name)) return false;
  }
  return false;
}

/** A function of this process, in a property of the object or of its classes. One that a client has put there may be replaced. */
function isOwnFunction(target: object, name: string): boolean {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property === undefined) continue;
    const value: unknown = property.value;
    return typeof value === 'function' && referenceOf(value) === undefined;
  }
  return false;
}

function denied(message: string): DynobotError {
  return new DynobotError('ERR_DYNOBOT_DENIED', message);
}
