import { referenceOf } from '../proxies/reference.js';
import { OPERATION } from '../wire.js';

/** Calls a method of the other side's that answers nothing: not by the proxy's method, for which some clients would wait. */
export function tell(proxy: object, method: string, args: unknown[]): void {
  const reference = referenceOf(proxy)!;
  reference.session.cast(reference, OPERATION.method, method, args);
}
