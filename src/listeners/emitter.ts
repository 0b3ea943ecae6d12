import { currentCourse } from '../proxies/course.js';
import { referenceOf } from '../proxies/reference.js';
import { mustBeListener, type Listener } from './attachment.js';
import { attachInContext, contextOf, isContextual, styleOf } from './contextual.js';
import type { Ledger } from './ledger.js';
import { inSteps } from './steps.js';

/** What of an emitter is used here. */
interface Emitter {
  on: Attach;
  once: Attach;
  prependListener: Attach;
  prependOnceListener: Attach;
  /** Small emitters (mitt) have only `off`. */
  removeListener?(event: unknown, listener: unknown): unknown;
  off(event: unknown, listener: unknown): unknown;
}

type Attach = (event: unknown, listener: unknown, ...context: unknown[]) => unknown;

/**
 * Attaches to an emitter that tells of new listeners (`newListener`) before they are attached. Who stands still for it
 * hears of it before, too.
 */
export function attachAnnounced(ledger: Ledger, target: object, how: { once: boolean; prepend: boolean }, args: unknown[]): unknown {
  const course = currentCourse();
  const hearing = course === undefined || !tellsOfListeners(target) ? [] : ledger.attachedTo(target, 'newListener');
  if (course === undefined || hearing.length === 0) return attachToEmitter(ledger, target, how, args);
  mustBeListener(args[1]);
  const tell = hearing.map(({ wrapper }) => () => wrapper.deref()?.apply(target, args.slice(0, 2)));
  return inSteps(course, [...tell, () => ledger.announced(target, () => attachToEmitter(ledger, target, how, args))]);
}

/** Node's emitters do, and those made from their code. What an emitter elsewhere tells, its own process sees to. */
function tellsOfListeners(target: object): boolean {
  return referenceOf(target) === undefined && typeof (target as Partial<Emitter>).prependListener === 'function';
}

/** Detaches all that this session has attached, or all of one event, in the order in which Node's emitters remove it. */
export function detachAll(ledger: Ledger, target: object, ...event: unknown[]): unknown {
  const attached = ledger.attachedTo(target, ...event);
  const events = [...new Set(attached.map((attachment) => attachment.event))].filter((name) => name !== 'removeListener');
  const ordered = [...events, 'removeListener'].flatMap((name) => attached.filter((attachment) => attachment.event === name).reverse());
  const steps = ordered.map((attachment) => () => ledger.detach(attachment));
  return inSteps(currentCourse(), [...steps, () => target]);
}

/** `more` is what eventemitter3 calls listeners on, or whatever else an emitter takes. Node's take no more. */
export function attachToEmitter(ledger: Ledger, target: object, how: { once: boolean; prepend: boolean }, [event, listener, ...more]: unknown[]): unknown {
  mustBeEvent(event);
  if (isContextual(target)) return attachInContext(ledger, target, how, { event, listener: mustBeListener(listener), self: more[0] || target });
  const style = styleOf(target);
  const taken = style === 'node' ? [] : more;
  // What says more than on what a listener is called stands for no other.
  const isShareable = style !== 'other' || taken.length === 0;
  return ledger.attach({
    target,
    event,
    listener: mustBeListener(listener),
    once: how.once,
    first: how.prepend,
    ...(style === 'contextual' ? contextOf(target, more[0]) : {}),
    attach: (wrapper) => (target as Emitter)[attachingMethod(target, how)](event, wrapper, ...taken),
    detach: removal(event),
    ...(isShareable ? { shared: { key: 'emitter', attach: (wrapper) => (target as Emitter).on(event, wrapper) } } : {}),
  });
}

/** As a key of a table, an object would be asked what it is as text: it came from a peer. */
function mustBeEvent(event: unknown): void {
  if ((typeof event !== 'object' || event === null) && typeof event !== 'function') return;
  throw Object.assign(new TypeError('The name of an event must be a text, a symbol or a number'), { code: 'ERR_INVALID_ARG_TYPE' });
}

/** Made apart from what attaches: closures of one scope share what they hold, and this one outlives the target. */
function removal(event: unknown): (from: object, wrapper: Listener) => unknown {
  return (from, wrapper) => {
    const emitter = from as Emitter;
    return emitter.removeListener === undefined ? emitter.off(event, wrapper) : emitter.removeListener(event, wrapper);
  };
}

/**
 * The ledger's own wrapper sees to `once`. But an emitter that is itself elsewhere would emit more before it hears that the
 * wrapper is to be removed.
 */
function attachingMethod(target: object, { once, prepend }: { once: boolean; prepend: boolean }): Exclude<keyof Emitter, 'removeListener' | 'off'> {
  if (once && referenceOf(target) !== undefined) return prepend ? 'prependOnceListener' : 'once';
  return prepend ? 'prependListener' : 'on';
}
