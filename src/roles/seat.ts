import type { Member } from './member.js';
import type { Source } from './source.js';
import { Queue } from './queue.js';

/** The place of one instance in a role: who has the turn, and who is about to have it. */
export class Seat {
  /** Who takes over as soon as the holder has handed over its state. Events wait for it. */
  heir: Member | undefined;
  /** Since when they wait. */
  since = 0;
  /** How often the holder was asked for its state. */
  asked = 0;
  /** Who were ready while another took over. */
  readonly next: Member[] = [];
  /** Events that are for this place, and no other. */
  readonly waiting = new Queue();
  /** Keys that belong to this place. */
  keys = 0;

  constructor(
    readonly instance: string,
    public holder: Member,
  ) {}

  get isOpen(): boolean {
    return this.heir === undefined;
  }

  /** Whether an event may go to it: what the heir does not hear may be the holder's yet, if the heir fails. */
  hears(source: Source): boolean {
    return source.isHeardBy(this.holder) || (this.heir !== undefined && source.isHeardBy(this.heir));
  }

  get work(): number {
    return this.holder.inHand + this.waiting.length;
  }

  get mayBeGiven(): boolean {
    return this.isOpen && this.waiting.length === 0 && this.holder.hasRoom;
  }
}
