import { attachDeclared, detachDeclared } from './declared.js';
import { attachToEmitter } from './emitter.js';
import { attachToTarget, typeOf } from './event-target.js';
import type { Ledger } from './ledger.js';
import { declaredPair, EMITTER_ATTACH, EMITTER_DETACH, EMITTER_DETACH_ALL, isCapture, TARGET_ATTACH, TARGET_DETACH } from '../proxies/listening-styles.js';

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** Carries out a session's call of a method that attaches or detaches, and enters it in the session's ledger. */
export function performListening(ledger: Ledger, target: object, method: string, args: unknown[]): unknown {
  const pair = declaredPair(target, method);
  const emitter = EMITTER_ATTACH.get(method);
  if (pair?.attach === method) return attachDeclared(ledger, target, pair, args);
  if (pair !== undefined && detachDeclared(ledger, target, pair, args)) return undefined;
  if (emitter !== undefined) return attachToEmitter(ledger, target, emitter, args);
  if (method === TARGET_ATTACH) return attachToTarget(ledger, target, args);
  if (method === EMITTER_DETACH_ALL) {
    // "All" is all that this client has attached. What others have, and our own code, is not its to remove.
    ledger.detachFrom(target, ...args.slice(0, 1));
    return target;
  }
  const [event, listener, options] = args;
  const detaches = EMITTER_DETACH.has(method) || method === TARGET_DETACH;
  if (!detaches) return (target as Methods)[method]!(...args);
  // The same holds for a function of our own, which others may have attached, too.
  const isTarget = method === TARGET_DETACH;
  const attachment = ledger.find(target, isTarget ? typeOf(event) : event, listener, isTarget && isCapture(options));
  if (attachment !== undefined) ledger.detach(attachment);
  return target;
}
