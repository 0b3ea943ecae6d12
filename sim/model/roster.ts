import type { Thing } from '../program/things.js';
import type { Attachment } from './attachment.js';
import type { Hearer } from './op.js';

/** Attachments in the order in which they hear of an event. */
export class Roster {
  #all: Attachment[] = [];

  get size(): number {
    return this.#all.length;
  }

  add(attachment: Attachment): void {
    if (attachment.how.prepend) this.#all.unshift(attachment);
    else this.#all.push(attachment);
  }

  has(attachment: Attachment): boolean {
    return this.#all.includes(attachment);
  }

  of(emitter: Thing, event?: string): Attachment[] {
    return this.#all.filter((attachment) => attachment.emitter === emitter && (event === undefined || attachment.event === event));
  }

  /** What an emitter removes if it is asked to remove `listener`: the last one. */
  find(emitter: Thing, event: string, listener: Hearer, capture: boolean): Attachment | undefined {
    return this.of(emitter, event).findLast((attachment) => attachment.listener === listener && attachment.how.capture === capture);
  }

  remove(attachment: Attachment): boolean {
    const place = this.#all.indexOf(attachment);
    if (place >= 0) this.#all.splice(place, 1);
    return place >= 0;
  }

  all(): readonly Attachment[] {
    return this.#all;
  }
}
