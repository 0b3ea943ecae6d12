import { referenceOf, type InspectOptions, type Reference } from './reference.js';

/** Node's hook for console.log; a registered symbol, so that nothing of Node's is needed here. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');

type Inspect = (value: unknown, options: object) => string;

/**
 * `Remote<Client> irc@bot { nick: 'dyno' }`: what is known here. Asks nothing of the other process, never throws. Of a
 * client that blocks: a copy, which Node shows in the place of the proxy.
 */
export function inspectProxy(this: unknown, depth: number, options: Omit<InspectOptions, 'depth'>, inspect?: Inspect): string | object {
  const reference = typeof this === 'function' || (typeof this === 'object' && this !== null) ? referenceOf(this) : undefined;
  if (reference === undefined) return '[Remote]';
  const copy = inspect === undefined || reference.released ? undefined : reference.session.inspected?.(this as object, { ...options, depth });
  if (copy !== undefined) return copy;
  const title = titleOf(reference, this);
  if (reference.snapshot === undefined) return typeof this === 'function' ? `[${title}]` : `${title} {}`;
  const known = depth < 0 || inspect === undefined ? '{…}' : inspect({ ...reference.snapshot }, options);
  return `${title} ${known}`;
}

function titleOf(reference: Reference, proxy: unknown): string {
  const name = typeof proxy === 'function' ? functionName(proxy) : (reference.mirror?.shape.name ?? 'Object');
  const state = reference.released ? ' (released)' : reference.session.ended ? ' (disconnected)' : '';
  return `Remote<${name}> ${reference.called ?? `#${reference.id}`}@${reference.session.label}${state}`;
}

function functionName(fn: object): string {
  const name: unknown = Reflect.get(fn, 'name');
  return typeof name === 'string' && name !== '' ? `Function: ${name}` : 'Function';
}
