import type { End } from '../network/end.js';
import type { Thing } from '../program/things.js';
import type { Hearer } from './op.js';

let serials = 0;

export interface How {
  readonly once: boolean;
  readonly prepend: boolean;
  readonly capture: boolean;
}

/** Something that a session has attached to an emitter, or to its stand-in on the way to it. */
export class Attachment {
  readonly serial = ++serials;
  /** It was to hear one event, and has. */
  spent = false;

  constructor(
    readonly emitter: Thing,
    readonly event: string,
    readonly listener: Hearer,
    /** Where, and for whose session. */
    readonly end: End,
    readonly how: How,
  ) {}
}
