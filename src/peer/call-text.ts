import type { Reference } from '../proxies/reference.js';
import { OPERATION, VERB, type Operation } from '../wire.js';

const CALL = `[${VERB.call},`;

/** Of a call, up to its arguments: the bracket that opens them is the last. */
export function beginning(call: number, { id }: Reference, operation: Operation, name: string | 0): string {
  return `${CALL}${call},${id}${deed(operation, name)}`;
}

const methods = new Map<string, string>();
const MOST_METHODS = 1000;

/** What is done to the target, up to the arguments. Methods are few, and called again and again. */
export function deed(operation: Operation, name: string | 0): string {
  if (operation !== OPERATION.method) return `,${operation},${JSON.stringify(name)},[`;
  let text = methods.get(name as string);
  if (text !== undefined) return text;
  if (methods.size >= MOST_METHODS) methods.clear();
  methods.set(name as string, (text = `,${operation},${JSON.stringify(name)},[`));
  return text;
}

// The parts of the latest short message of flat values only, and the message.
let latestHead = '';
let latestFlat = '';
let latestClosing = '';
let latestMessage = '';
const LONGEST_KEPT = 4096;

/**
 * A call whose arguments are the same in JSON. One event goes to many sessions, most of which call its listener and its emitter
 * by the same numbers: they get the same string.
 */
export function plainMessage(head: string, flat: string, closing: string): string {
  if (flat === latestFlat && head === latestHead && closing === latestClosing) return latestMessage;
  const message = `${head}${flat}],0${closing}`;
  if (flat.length > LONGEST_KEPT) return message;
  latestHead = head;
  latestFlat = flat;
  latestClosing = closing;
  return (latestMessage = message);
}
