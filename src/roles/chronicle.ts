import type { Member } from './member.js';
import type { FailureNews, HandoverNews, LossNews, Who } from './news.js';
import type { DropReason, HandoverReport } from './report.js';
import type { RoleEvent } from './role-event.js';
import type { RoleHost } from './role-host.js';

/** Tells what happens to one role as it happens, and keeps what the role's report says of the last change. */
export class Chronicle {
  handovers = 0;
  #last: { news: HandoverNews; at: number } | undefined;

  constructor(
    private readonly role: string,
    private readonly host: RoleHost,
    private readonly describe: (event: RoleEvent) => { on: string; event: string },
  ) {}

  handover(what: Omit<HandoverNews, 'role'>): HandoverNews {
    this.handovers++;
    const news = { role: this.role, ...what };
    this.#last = { news, at: this.host.platform.now() };
    this.host.tell('handover', news);
    return news;
  }

  failure({ instance, who }: Member, stage: FailureNews['stage'], error: Error): void {
    this.host.tell('failure', { role: this.role, instance, who, stage, error });
  }

  vacancy(instance: string, from: Who, others: number, reason: Error | undefined): void {
    this.host.tell('vacancy', { role: this.role, instance, from, others, reason });
  }

  retired({ instance, who, retiredAt }: Member, unfinished: number): void {
    this.host.tell('retired', { role: this.role, instance, who, after: this.host.platform.now() - retiredAt, unfinished });
  }

  loss(who: LossNews['who'], events: readonly RoleEvent[], reason: DropReason): void {
    const lost = events.map((event) => ({ number: event.number, ...this.describe(event), reason, args: event.args }));
    this.host.tell('lost', { role: this.role, who, events: lost });
  }

  /** The last change, for people. */
  get last(): HandoverReport | undefined {
    if (this.#last === undefined) return undefined;
    const { news: { from, to, instance, gap, parked, state }, at } = this.#last;
    return { instance, from: from && person(from), to: person(to), gap, parked, state, age: this.host.platform.now() - at };
  }
}

function person({ client, pid }: Who): { client: string; pid: number } {
  return { client, pid };
}
