import { referenceOf } from './reference.js';

/** `[Symbol.dispose]` of every proxy. */
export function disposeProxy(this: object): void {
  const reference = referenceOf(this);
  reference?.session.release(reference);
}

/** `[Symbol.asyncDispose]` of every proxy. */
export async function disposeProxyAsync(this: object): Promise<void> {
  disposeProxy.call(this);
}
