import type { MaxListeners, Platform } from '../platform.js';
import { referenceOf } from '../proxies/reference.js';

/**
 * Keeps an emitter's limit on listeners meaningful: listeners of sessions come on top of it, so that many clients never
 * make it warn; and each session is warned of by itself when it alone goes beyond.
 */
interface Allowance {
  /** The limit that the host's code has set. */
  base: number;
  /** What we have set it to. */
  raised: number;
  /** Listeners of sessions, by event. */
  readonly counts: Map<unknown, number>;
  total: number;
}

const allowances = new WeakMap<object, Allowance>();

function allowanceOf(target: object, limits: MaxListeners): Allowance | undefined {
  // The limit of an emitter in a third process is that process's affair, which counts what we attach there.
  const now = referenceOf(target) === undefined ? limits.get(target) : undefined;
  if (now === undefined) return undefined;
  let allowance = allowances.get(target);
  if (allowance === undefined) allowances.set(target, (allowance = { base: now, raised: now, counts: new Map(), total: 0 }));
  if (now !== allowance.raised) allowance.base = allowance.raised = now;
  return allowance;
}

/** Makes room for one more listener of a session. Stays raised until the last of them is gone. */
export function allow(target: object, event: unknown, { maxListeners }: Platform): void {
  const allowance = allowanceOf(target, maxListeners);
  if (allowance === undefined) return;
  const count = (allowance.counts.get(event) ?? 0) + 1;
  allowance.counts.set(event, count);
  allowance.total++;
  if (allowance.base === 0 || allowance.raised >= allowance.base + count) return;
  allowance.raised = allowance.base + count;
  maxListeners.set(target, allowance.raised);
}

export function disallow(target: object, event: unknown, { maxListeners }: Platform): void {
  const allowance = allowances.get(target);
  if (allowance === undefined) return;
  const count = (allowance.counts.get(event) ?? 1) - 1;
  if (count === 0) allowance.counts.delete(event);
  else allowance.counts.set(event, count);
  if (--allowance.total > 0) return;
  allowances.delete(target);
  if (allowance.raised !== allowance.base && maxListeners.get(target) === allowance.raised) maxListeners.set(target, allowance.base);
}

/** The limit for one session alone. */
export function limitOf(target: object, { maxListeners }: Platform): number {
  if (referenceOf(target) !== undefined) return Infinity;
  const base = allowances.get(target)?.base ?? maxListeners.get(target) ?? 0;
  return base === 0 ? Infinity : base;
}
