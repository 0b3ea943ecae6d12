import type { DropReason, HandoverReport } from './report.js';

/** A process of a role, for people. */
export interface Who {
  session: number;
  client: string;
  pid: number;
}

/** A process has got the turn: the first one, the successor of one that died, or of one that retires now. */
export interface HandoverNews extends Omit<HandoverReport, 'age' | 'from' | 'to'> {
  role: string;
  /** Who had the turn before, alive or dead; undefined for the first, and if others have left their places since. */
  from: Who | undefined;
  to: Who;
  /** Events that were dropped since there was a process. */
  dropped: number;
  /** The roles that the host's options declare, where this one is none of them: perhaps its name is misspelt. */
  declared?: string[];
  /** Why the process before has not handed its state over, if it was asked to. */
  stateError?: Error;
}

/** A process has failed before it was ready. Nothing has changed. */
export interface FailureNews {
  role: string;
  instance: string;
  who: Who;
  /** What has failed: its health check, its start in time, or it has gone. */
  stage: 'check' | 'start' | 'exit';
  error: Error;
}

/** A process has gone without a successor. If there are no others, the role's events are held. */
export interface VacancyNews {
  role: string;
  instance: string;
  /** Who was the last. */
  from: Who;
  /** How many other processes have a turn in the role. */
  others: number;
  reason: Error | undefined;
}

/** A process has finished what it had in hand, or has been cut off when its time was up. */
export interface RetirementNews {
  role: string;
  instance: string;
  who: Who;
  /** Milliseconds since it was told to retire. */
  after: number;
  /** Events that it had in hand when it was cut off. */
  unfinished: number;
}

/** An event that was given to nobody, or to somebody who did not finish it. */
export interface LostEvent {
  /** By the order of emission, within the role. */
  number: number;
  on: string;
  event: string;
  reason: DropReason;
  /**
   * The host's own objects, as its code has emitted them: copies of the data if the event was held, otherwise themselves, as they are
   * now. Not for those who follow from another process.
   */
  args?: unknown[];
}

/** Events that will not be handled, each of them. */
export interface LossNews {
  role: string;
  /** Whose hands they were in. */
  who: Who | undefined;
  events: LostEvent[];
}

/** All that happens to a host's roles: the host's events of these names. */
export interface RoleNews {
  handover: HandoverNews;
  failure: FailureNews;
  vacancy: VacancyNews;
  retired: RetirementNews;
  lost: LossNews;
}

/** One piece of news, for those who follow from another process. */
export type RoleNewsItem = { [Kind in keyof RoleNews]: { kind: Kind } & RoleNews[Kind] }[keyof RoleNews];
