import type { HandoverNews, LossNews } from '../../roles/news.js';
import type { Failure } from './failure.js';

/** One process that runs, or ran, a version of a script. */
export interface Run {
  /** The file, as it was given. */
  script: string;
  /** 1, 2, …: counted by saves. */
  version: number;
  /** 1 … n, if there are several. */
  instance: number | undefined;
  pid: number;
}

/** What happens to scripts under a runner. All durations are in milliseconds. */
export type News =
  /** A process has its turn, or simply runs. `handover`: what the host says of it, if the script has a role. */
  | { kind: 'live'; run: Run; after: number; from: Run | undefined; handover: HandoverNews | undefined }
  | { kind: 'saved'; script: string; version: number; files: readonly string[] }
  /** A version did not get ready. `goesOn`: the process that serves on. */
  | { kind: 'failed'; run: Run; failure: Failure; goesOn: Run | undefined }
  | { kind: 'crashed'; run: Run; after: number; failure: Failure }
  | { kind: 'restarting'; script: string; version: number; instance: number | undefined; in: number }
  /** `crashes`: how many there were one after the other; 0: the version cannot be loaded at all. */
  | { kind: 'gaveUp'; script: string; version: number; instance: number | undefined; crashes: number; watching: boolean }
  /** A process whose turn was over has gone. `killed`: it did not finish in time. */
  | { kind: 'retired'; run: Run; after: number; killed: boolean }
  /** A script has ended by itself. */
  | { kind: 'ended'; run: Run; code: number; watching: boolean }
  /** Another process, which this runner has not started, has taken the turn. */
  | { kind: 'ousted'; run: Run; watching: boolean }
  /** Events that a process had in hand are lost. */
  | { kind: 'lost'; run: Run; loss: LossNews }
  /** There is no host at that address: scripts wait for it. */
  | { kind: 'waiting'; host: string; patience: number }
  | { kind: 'hostGone'; host: string }
  | { kind: 'hostBack'; host: string }
  | { kind: 'noHost'; host: string; reason: string };
