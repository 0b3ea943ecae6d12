/** Why an event was not handled by any process. */
export type DropReason =
  /** More events were held than the role may hold. */
  | 'events'
  /** Their arguments took more bytes than the role may hold. */
  | 'bytes'
  /** It was held for too long. */
  | 'age'
  /** A later one took its place (policy `latest`). */
  | 'superseded'
  /** It was held, but the next process does not listen to it. */
  | 'unheard'
  /** A process had it in hand when it died or was cut off. It may have been handled. */
  | 'lost'
  /** It cannot cross. */
  | 'uncrossable'
  /** The role, or the host, was ended while it was held. */
  | 'ended';

/** Events of one name that one object has emitted and nobody has handled. */
export interface DropCount {
  /** The service's name, or the class of another object. */
  on: string;
  event: string;
  count: number;
  reasons: Partial<Record<DropReason, number>>;
}

/** What a process is told of the events that were dropped before its turn. */
export interface Gap {
  total: number;
  events: DropCount[];
}

/** One process of a role. */
export interface MemberReport {
  instance: string;
  /** The number of its session. */
  session: number;
  client: string;
  pid: number;
  stage: 'staged' | 'taking over' | 'live' | 'retiring';
  /** Events that it was given and has not finished. */
  inHand: number;
  /** Events that wait for it. */
  waiting: number;
}

/** The last change of the process behind a role. */
export interface HandoverReport {
  instance: string;
  from: { client: string; pid: number } | undefined;
  to: { client: string; pid: number };
  /** Milliseconds for which no process was given events. */
  gap: number;
  /** Events that were held meanwhile. */
  parked: number;
  /** Whether the new process has got a state, and which one. */
  state: 'handed over' | 'saved' | undefined;
  /** Milliseconds since it happened. */
  age: number;
}

/** One role, as `inspect` shows it. */
export interface RoleReport {
  name: string;
  /** The roles that the host's options declare, where this one is none of them: perhaps its name is misspelt. */
  declared?: string[];
  members: MemberReport[];
  /** Milliseconds since when nobody has the turn; undefined: somebody has. */
  vacant: number | undefined;
  listens: { on: string; event: string }[];
  /** Events that wait for a process which has not taken those before. */
  waiting: number;
  parked: { events: number; bytes: number; /** Milliseconds that the oldest has waited. */ age: number };
  /** Since the role began. */
  dropped: DropCount[];
  /** Bytes of the states that processes have saved. */
  saved: number;
  handovers: number;
  last: HandoverReport | undefined;
}
