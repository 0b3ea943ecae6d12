import { attachDeclared, detachDeclared } from './declared.js';
import { mustBeListener } from './attachment.js';
import { attachAnnounced, detachAll } from './emitter.js';
import { attachToTarget, typeOf } from './event-target.js';
import { detachFromContext, styleOf } from './contextual.js';
import type { Ledger } from './ledger.js';
import { outcomeMeant } from '../proxies/outcome.js';
import { declaredPair, EMITTER_ATTACH, EMITTER_DETACH, EMITTER_DETACH_ALL, isCapture, TARGET_ATTACH, TARGET_DETACH } from '../proxies/listening-styles.js';

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** Carries out a session's call of a method that attaches or detaches, and enters it in the session's ledger. */
export function performListening(ledger: Ledger, target: object, method: string, args: unknown[]): unknown {
  const pair = declaredPair(target, method);
  const emitter = EMITTER_ATTACH.get(method);
  if (pair?.attach === method) return attachDeclared(ledger, target, pair, args);
  if (pair !== undefined && detachDeclared(ledger, target, pair, args)) return undefined;
  if (emitter !== undefined) return typeof args[1] === 'function' ? attachAnnounced(ledger, target, emitter, args) : refuse(target, method, args);
  if (method === TARGET_ATTACH) return attachToTarget(ledger, target, args);
  if (method === EMITTER_DETACH_ALL) {
    // "All" is all that this client has attached. What others have, and our own code, is not its to remove.
    return detachAll(ledger, target, ...args.slice(0, 1));
  }
  const [event, listener, options] = args;
  const detaches = EMITTER_DETACH.has(method) || method === TARGET_DETACH;
  if (!detaches) return (target as Methods)[method]!(...args);
  // The same holds for a function of our own, which others may have attached, too.
  if (EMITTER_DETACH.has(method) && typeof listener !== 'function') return styleOf(target) === 'node' ? refuse(target, method, args) : removeAllOf(ledger, target, args);
  if (EMITTER_DETACH.has(method) && styleOf(target) === 'contextual') return detachFromContext(ledger, target, args);
  const isTarget = method === TARGET_DETACH;
  const attachment = ledger.find(target, isTarget ? typeOf(event) : event, listener, isTarget && isCapture(options));
  const detached = attachment === undefined ? undefined : ledger.detach(attachment);
  return outcomeMeant(detached) === undefined ? target : detached;
}

/** Asked to remove no listener, emitters in Node's image remove all of the event, whosesoever: here, what this client has attached. */
function removeAllOf(ledger: Ledger, target: object, [event, listener]: unknown[]): unknown {
  return listener === undefined || listener === null ? detachAll(ledger, target, event) : mustBeListener(listener);
}

/** The emitter's own error for what is no listener, if it has one. What it takes all the same is not left with it. */
function refuse(target: object, method: string, [event, listener]: unknown[]): unknown {
  const refused = (target as Methods)[method]!(event, listener);
  if (outcomeMeant(refused) !== undefined) return refused;
  if (EMITTER_ATTACH.has(method)) (target as Methods)[(target as Partial<Methods>)['off'] === undefined ? 'removeListener' : 'off']!(event, listener);
  return mustBeListener(listener);
}
