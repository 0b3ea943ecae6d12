import { OPERATION, type CallMessage } from '../../src/wire.js';
import { argumentsOf } from '../network/wire.js';
import type { Thing } from '../program/things.js';
import type { World } from '../world.js';
import type { Attachment } from './attachment.js';
import type { Call } from './call.js';
import type { Emission } from './emission.js';

/** Who hears an event: a function, or what a program on the way has attached in its stead. */
export type Hearer = Thing | Attachment;

/** One message of the calling kind, as the model expects it on a session. */
export type Op =
  | { readonly kind: 'call'; readonly call: Call }
  | ListenOp
  | { readonly kind: 'event'; readonly emission: Emission; readonly to: Hearer };

/** Something is attached or detached; without a listener, all of an event, or of all. */
export interface ListenOp {
  readonly kind: 'listen';
  readonly method: string;
  readonly emitter: Thing;
  readonly event?: string;
  readonly listener?: Hearer;
  /** For event targets. */
  readonly once?: boolean;
  readonly capture?: boolean;
}

/** Whether the message on the wire is the expected one. */
export function matches(op: Op, message: CallMessage): boolean {
  const [, call, , operation, name] = message;
  const [first, second] = argumentsOf(message);
  switch (op.kind) {
    case 'listen':
      return call === 0 && operation === OPERATION.method && name === op.method;
    case 'event':
      return call === 0 && operation === OPERATION.apply && first === 'event' && second === op.emission.number;
    case 'call':
      if (op.call.how === 'get') return operation === OPERATION.get;
      if (op.call.how === 'set') return operation === OPERATION.set && first === op.call.number;
      return call !== 0 && first === 'call' && second === op.call.number;
  }
}

/** What the `this` of a call on the wire is, by the model. */
export function receiverOf(world: World, message: CallMessage): Thing | undefined {
  const [verb, number] = argumentsOf(message);
  if (verb === 'event') return world.emissions.get(number as number)?.emitter;
  return world.calls.get(number as number)?.receiver;
}
