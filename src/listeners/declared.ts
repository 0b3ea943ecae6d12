import type { Listener } from './attachment.js';
import type { Ledger } from './ledger.js';
import type { ListenerPair } from '../proxies/listening-styles.js';

type Methods = Record<string, (...args: unknown[]) => unknown>;

const nobody: Listener = () => {};

/** Attaches by a declared method. The first function among the arguments is the listener. */
export function attachDeclared(ledger: Ledger, target: object, { attach, detach }: ListenerPair, args: unknown[]): unknown {
  const given = firstFunction(args);
  const listener = given ?? nobody;
  const subscription: Subscription = { unsubscriber: undefined, kept: undefined };
  const replaced = replacing(args, listener);
  const subscribe = (wrapper: Listener): unknown => {
    if (given === undefined) subscription.kept = wrapper;
    return (subscription.unsubscriber = (target as Methods)[attach]!(...replaced(wrapper)));
  };
  const key = given === undefined ? undefined : keyOf(args, given);
  ledger.attach({
    target,
    event: attach,
    listener,
    attach: subscribe,
    detach: ending(subscription, detach, replaced),
    ...(key === undefined ? {} : { shared: { key, attach: subscribe } }),
  });
  const attachment = ledger.find(target, attach, listener);
  const unsubscriber = (): void => void (attachment && ledger.detach(attachment));
  if (detach !== undefined || !(subscription.unsubscriber instanceof Promise)) return unsubscriber;
  return subscription.unsubscriber.then(() => unsubscriber, (error: unknown) => {
    unsubscriber();
    throw error;
  });
}

/** What else is said when attaching: two that say the same hear the same. Undefined if that cannot be told. */
function keyOf(args: unknown[], listener: Listener): string | undefined {
  const others = args.map((arg) => (arg === listener ? '()' : arg));
  return others.some((arg) => typeof arg === 'object' && arg !== null || typeof arg === 'function') ? undefined : `declared ${others.map((arg) => `${typeof arg} ${String(arg)}`).join('\n')}`;
}

type Replaced = (wrapper: Listener) => unknown[];

interface Subscription {
  unsubscriber: unknown;
  /** The wrapper, if nothing of the object's holds it: the attachment lasts as long as it. */
  kept: Listener | undefined;
}

// Made apart from what attaches: closures of one scope share what they hold, and these outlive the target.

function replacing(args: unknown[], listener: Listener): Replaced {
  return (wrapper) => args.map((arg) => (arg === listener ? wrapper : arg));
}

function ending(subscription: Subscription, detach: string | undefined, replaced: Replaced): (from: object, wrapper: Listener) => unknown {
  return (from, wrapper) => {
    const { unsubscriber } = subscription;
    // What it holds may be the wrapper, through a third process: held here any longer, neither would ever go.
    subscription.unsubscriber = subscription.kept = undefined;
    return detach === undefined ? unsubscribe(unsubscriber) : (from as Methods)[detach]!(...replaced(wrapper));
  };
}

/** Detaches by a declared method; false if the listener was not attached by this session. */
export function detachDeclared(ledger: Ledger, target: object, { attach }: ListenerPair, args: unknown[]): boolean {
  const attachment = ledger.find(target, attach, firstFunction(args));
  if (attachment !== undefined) ledger.detach(attachment);
  return attachment !== undefined;
}

function firstFunction(args: unknown[]): Listener | undefined {
  return args.find((arg): arg is Listener => typeof arg === 'function');
}

/** Ends a subscription, whatever form its library gives to the end. One that is still to come is ended when it has come. */
function unsubscribe(unsubscriber: unknown): unknown {
  if (unsubscriber instanceof Promise) return unsubscriber.then(unsubscribe, () => {});
  if (typeof unsubscriber === 'function') return (unsubscriber as () => unknown)();
  if (typeof unsubscriber !== 'object' || unsubscriber === null) return undefined;
  for (const name of ['unsubscribe', 'dispose', 'close', 'off', Symbol.dispose]) {
    const end: unknown = Reflect.get(unsubscriber, name);
    if (typeof end === 'function') return end.call(unsubscriber) as unknown;
  }
  return undefined;
}
