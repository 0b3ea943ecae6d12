import { mustBe, mustFit, oneOf, REFERABLE, type Rule, type Rules } from '../rules.js';
import { SignalWatch } from '../values/abort-signal.js';
import { referenceOf } from './reference.js';

/** What a proxy's attaching or detaching method answers at once, without waiting for the host. */
export type Answer =
  /** The proxy, so that calls can be chained. */
  | 'this'
  | 'undefined'
  /** A function (with `unsubscribe`, `dispose`, …) that detaches again. */
  | 'unsubscriber';

/** Node's EventEmitter and what is made in its image (eventemitter3, mitt-like classes). */
export const EMITTER_ATTACH = new Map([
  ['on', { once: false, prepend: false }],
  ['addListener', { once: false, prepend: false }],
  ['once', { once: true, prepend: false }],
  ['prependListener', { once: false, prepend: true }],
  ['prependOnceListener', { once: true, prepend: true }],
]);
export const EMITTER_DETACH = new Set(['off', 'removeListener']);
export const EMITTER_DETACH_ALL = 'removeAllListeners';

export const TARGET_ATTACH = 'addEventListener';
export const TARGET_DETACH = 'removeEventListener';

/** Whether a target's listener is for the capturing phase: it is another than the same one without. */
export function isCapture(options: unknown): boolean {
  return typeof options === 'object' ? optionOf(options, 'capture') === true : options === true;
}

/** Options are data: a proxy among them would be asked in the process that it came from. */
export function optionsIn(options: unknown): unknown {
  return typeof options === 'object' && options !== null && referenceOf(options) !== undefined ? undefined : options;
}

export function optionOf(options: unknown, name: string): unknown {
  const data = optionsIn(options);
  return typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined;
}

/** A pair of methods of the user's own objects. Without `detach`, what `attach` returns detaches. */
export interface ListenerPair {
  attach: string;
  /** It takes what `attach` takes: a session's end knows no other arguments. */
  detach?: string;
  /** If both return their object, so that calls can be chained. By default clients get nothing from them. */
  returns?: 'this';
}

const METHOD: Rule = { is: 'the name of a method', fits: (value) => typeof value === 'string' && value !== '' };
const PAIR_RULES: Rules = { attach: METHOD, detach: METHOD, returns: oneOf('this') };
const PAIRS: Rule = { is: "at least one: { attach: 'subscribe' }", fits: (value) => (value as unknown[]).length > 0 };

const declared = new WeakMap<object, Map<string, ListenerPair>>();
let count = 0;

/** How often something was declared. */
export function declarations(): number {
  return count;
}

/** Whether something was declared of this very object. */
export function isDeclared(object: object): boolean {
  return declared.has(object);
}

/**
 * Declares the methods by which objects of a class (or one object) attach listeners and detach them again, so that a
 * session's end detaches what its client has attached. EventEmitters and EventTargets need no declaration.
 *
 * @param on a class, or an object
 * @param pairs without `detach`, `attach` must return an unsubscriber: a function, or an object with `unsubscribe`,
 *   `dispose`, `close` or `Symbol.dispose`; the client gets one at once
 * @throws DynobotError ERR_DYNOBOT_ARGUMENT without a pair, for what is no pair, or for a method that an object has not. Objects
 *   of a class may have it all the same, as a property of their own: a class is not asked
 * @example
 * declareListeners(Store, { attach: 'subscribe' }, { attach: 'watch', detach: 'unwatch', returns: 'this' });
 */
export function declareListeners(on: object | (abstract new (...args: never) => unknown), ...pairs: ListenerPair[]): void {
  mustBe(REFERABLE, 'declareListeners(): its first argument', on);
  mustBe(PAIRS, 'declareListeners(): the pairs of methods', pairs);
  for (const pair of pairs) mustBePair(pair, on);
  const key = typeof on === 'function' && typeof on.prototype === 'object' && on.prototype !== null ? (on.prototype as object) : on;
  for (const pair of pairs) declarePair(key, pair);
  count++;
}

function mustBePair(pair: ListenerPair, on: object): void {
  mustFit(PAIR_RULES, 'declareListeners()', 'option', pair);
  mustBe(METHOD, 'declareListeners(): the option attach', pair.attach);
  if (mayGetMethods(on)) return;
  for (const name of ['attach', 'detach'] as const) {
    const has: Rule = { is: 'a method that the object has', fits: (method) => method === undefined || (method as string) in on };
    mustBe(has, `declareListeners(): the option ${name}`, pair[name]);
  }
}

/** Objects of a class, or of a prototype, get what their constructor gives them; of a proxy, it is the other process that knows. */
function mayGetMethods(on: object): boolean {
  return Object.hasOwn(on, 'prototype') || Object.hasOwn(on, 'constructor') || referenceOf(on) !== undefined;
}

/** Also of a mirror, whose host has declared it: what a third process attaches through a proxy has to be known, too. */
export function declarePair(on: object, pair: ListenerPair): void {
  const known = declared.get(on) ?? new Map<string, ListenerPair>();
  known.set(pair.attach, pair);
  if (pair.detach !== undefined) known.set(pair.detach, pair);
  declared.set(on, known);
}

declarePair(SignalWatch.prototype, { attach: 'aborted', detach: 'forget' });

/** The pair that `method` of `object` belongs to, if one was declared for the object or a class of its chain. */
export function declaredPair(object: object, method: string): ListenerPair | undefined {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const pair = declared.get(at)?.get(method);
    if (pair !== undefined) return pair;
  }
  return undefined;
}

/** Which declared attaching method each declared detaching method undoes. */
export function detachingMembers(object: object, methods: Iterable<string>): Record<string, string> {
  const members = Object.create(null) as Record<string, string>;
  for (const method of methods) {
    const pair = declaredPair(object, method);
    if (pair !== undefined && pair.attach !== method) members[method] = pair.attach;
  }
  return members;
}

export function isEmitter(methods: ReadonlySet<string>): boolean {
  return methods.has('on') && (methods.has('off') || methods.has('removeListener'));
}

export function isTarget(methods: ReadonlySet<string>): boolean {
  return methods.has(TARGET_ATTACH) && methods.has(TARGET_DETACH);
}

/** Which of the methods attach or detach listeners. */
export function listeningMembers(object: object, methods: ReadonlySet<string>): Record<string, Answer> {
  const members: Record<string, Answer> = Object.create(null) as Record<string, Answer>;
  for (const method of methods) {
    const answer = answerOf(object, method, methods);
    if (answer !== undefined) members[method] = answer;
  }
  return members;
}

function answerOf(object: object, method: string, methods: ReadonlySet<string>): Answer | undefined {
  const pair = declaredPair(object, method);
  if (pair !== undefined) return pair.detach === undefined ? 'unsubscriber' : (pair.returns ?? 'undefined');
  if (isTarget(methods) && (method === TARGET_ATTACH || method === TARGET_DETACH)) return 'undefined';
  if (!isEmitter(methods)) return undefined;
  const isEmitters = EMITTER_ATTACH.has(method) || EMITTER_DETACH.has(method) || method === EMITTER_DETACH_ALL;
  return isEmitters || method === 'setMaxListeners' ? 'this' : undefined;
}

/** Whether emitters and event targets attach or detach by methods of that name. */
export function attachesOrDetaches(method: string): boolean {
  return EMITTER_ATTACH.has(method) || EMITTER_DETACH.has(method) || method === EMITTER_DETACH_ALL || method === TARGET_ATTACH || method === TARGET_DETACH;
}
