import { declareListeners } from '../proxies/listening-styles.js';
import type { HostReport } from '../report.js';
import type { HandoverNews, RoleNews, RoleNewsItem } from '../roles/news.js';

type Follower = (news: RoleNewsItem) => void;

/** The host, as far as it tells of itself. */
export interface SelfOwner {
  inspect(): HostReport;
  forget(role: string): boolean;
  /** How each process that has a turn has got it. */
  turns(): readonly HandoverNews[];
}

/** What a host tells of itself to whoever asks: the service `dynobot`. */
export class Self {
  readonly #host: SelfOwner;
  readonly #followers = new Set<Follower>();

  constructor(host: SelfOwner) {
    this.#host = host;
  }

  inspect(): HostReport {
    return this.#host.inspect();
  }

  /** Ends a role that no process comes for any more. */
  forget(role: string): boolean {
    return this.#host.forget(role);
  }

  /** Tells who has got the turns that there are, and then what happens to the host's roles. Returns what ends that. */
  follow(follower: Follower): () => void {
    for (const turn of this.#host.turns()) follower({ kind: 'handover', ...turn });
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** For those who follow from another process: the arguments of lost events stay here. */
  static tell<Kind extends keyof RoleNews>(self: Self, kind: Kind, news: RoleNews[Kind]): void {
    const item = withoutArguments({ kind, ...news } as RoleNewsItem);
    for (const follower of self.#followers) follower(item);
  }
}
declareListeners(Self, { attach: 'follow' });

function withoutArguments(news: RoleNewsItem): RoleNewsItem {
  if (news.kind !== 'lost') return news;
  return { ...news, events: news.events.map(({ args: _, ...event }) => event) };
}
