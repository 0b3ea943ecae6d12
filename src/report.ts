import type { Tables } from './peer/tables.js';
import type { RoleReport } from './roles/report.js';

/** Listeners that one session has attached to one event of one object. */
export interface ListenerCount {
  /** The service's name, or the class of another object. */
  on: string;
  event: string;
  count: number;
}

/** One session, as its host sees it. */
export interface SessionReport extends Tables {
  id: number;
  /** What the client calls itself: its script's name. */
  client: string;
  pid: number;
  transport: string;
  /** Milliseconds since it began. */
  age: number;
  attached: ListenerCount[];
  /** Events for it that were dropped, because it reads too slowly. */
  dropped: number;
}

/** What a live host shows of itself: `host.inspect()`, `connection.inspect()`, `dynobot inspect`. */
export interface HostReport {
  name: string;
  pid: number;
  /** Milliseconds since it began. */
  age: number;
  services: { name: string; class: string }[];
  sessions: SessionReport[];
  roles: RoleReport[];
}
