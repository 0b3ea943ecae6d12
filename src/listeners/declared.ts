import type { Listener } from './attachment.js';
import type { Ledger } from './ledger.js';
import type { ListenerPair } from '../proxies/listening-styles.js';

type Methods = Record<string, (...args: unknown[]) => unknown>;

const nobody: Listener = () => {};

/** Attaches by a declared method. The first function among the arguments is the listener. */
export function attachDeclared(ledger: Ledger, target: object, { attach, detach }: ListenerPair, args: unknown[]): unknown {
  const listener = firstFunction(args) ?? nobody;
  const replaced = (wrapper: Listener): unknown[] => args.map((arg) => (arg === listener ? wrapper : arg));
  let unsubscriber: unknown;
  ledger.attach({
    target,
    event: attach,
    listener,
    attach: (wrapper) => (unsubscriber = (target as Methods)[attach]!(...replaced(wrapper))),
    detach: (from, wrapper) => void (detach === undefined ? unsubscribe(unsubscriber) : (from as Methods)[detach]!(...replaced(wrapper))),
  });
  const attachment = ledger.find(target, attach, listener);
  return () => attachment && ledger.detach(attachment);
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

/** Ends a subscription, whatever form its library gives to the end. */
function unsubscribe(unsubscriber: unknown): void {
  if (typeof unsubscriber === 'function') return void (unsubscriber as () => unknown)();
  if (typeof unsubscriber !== 'object' || unsubscriber === null) return;
  for (const name of ['unsubscribe', 'dispose', 'close', 'off', Symbol.dispose]) {
    const end: unknown = Reflect.get(unsubscriber, name);
    if (typeof end === 'function') return void end.call(unsubscriber);
  }
}
