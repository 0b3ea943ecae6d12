import { declareListeners } from './proxies/listening-styles.js';
import type { HostReport } from './report.js';
import type { RoleNews, RoleNewsItem } from './roles/news.js';

/** The name under which every host answers questions about itself. */
export const SELF = 'dynobot';

type Follower = (news: RoleNewsItem) => void;

/** What a host tells of itself to whoever asks: the service `dynobot`. */
export class Self {
  readonly #report: () => HostReport;
  readonly #followers = new Set<Follower>();

  constructor(report: () => HostReport) {
    this.#report = report;
  }

  inspect(): HostReport {
    return this.#report();
  }

  /** Tells what happens to the host's roles. Returns what ends that. */
  follow(follower: Follower): () => void {
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
