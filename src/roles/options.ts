/** What becomes of an event for which the role has no process. */
export type ParkingPolicy =
  /** Held, in order; what comes when the role is full is dropped. */
  | 'park'
  /** Held, in order; when the role is full, the oldest of the same event makes room. */
  | 'drop-oldest'
  /** Only the last one is held: for events that tell a state. */
  | 'latest'
  /** The emitter is paused while the role has no process, if it has `pause` and `resume`; what it emits nevertheless is held. */
  | 'pause';

export const POLICIES: readonly ParkingPolicy[] = ['park', 'drop-oldest', 'latest', 'pause'];

/** Longest name of a role, and of an instance. */
export const LONGEST_ROLE = 256;

/** What an event is shared out by. Without one (undefined, null, an object) it goes to the process with the least work. */
export type ShareKey = string | number | bigint | boolean | undefined | null | object;

/** How a host treats one role: `host(services, { roles: { responder: { … } } })`. */
export interface RoleOptions {
  /** Most events that are held while the role has no process. */
  events?: number;
  /** Most bytes that their arguments may take, as an estimate. */
  bytes?: number;
  /** Milliseconds after which an event that is held is dropped. */
  age?: number;
  /** For all events, or by the event's name; `park` where nothing is said. */
  policy?: ParkingPolicy | Readonly<Record<string, ParkingPolicy>>;
  /** How events are shared out among several processes: those with the same key go to the same one, as long as it lives. */
  share?: { by: (...args: never[]) => ShareKey };
  /** What becomes of the events that a process had in hand when it died: reported as lost, or given to another. */
  redelivery?: 'at-most-once' | 'at-least-once';
  /** Events that a process may be sent before it has taken them. The rest waits, for it or for another. `Infinity`: none waits. */
  ahead?: number;
  /** Most bytes of what processes have saved for their successors, in all instances. `save` beyond that is refused. */
  saved?: number;
  /** Milliseconds that a process has from its connecting until it is ready. */
  start?: number;
  /** Milliseconds that the old process has to hand its state over. Then the new one goes live without it. */
  handover?: number;
  /** Milliseconds after which a role without any process is given up, with all that is held for it. By default it is not. */
  forget?: number;
  /** Milliseconds that a retired process has to finish what it has in hand. */
  drain?: number;
}

export type CompleteRoleOptions = Required<Omit<RoleOptions, 'share'>> & Pick<RoleOptions, 'share'>;

export const ROLE_DEFAULTS: Readonly<CompleteRoleOptions> = Object.freeze({
  events: 1000,
  bytes: 8 * 1024 * 1024,
  age: 30_000,
  policy: 'park',
  redelivery: 'at-most-once',
  ahead: 256,
  saved: 64 * 1024 * 1024,
  start: 60_000,
  handover: 5000,
  drain: 10_000,
  forget: Infinity,
});

export function completeRoleOptions(options: RoleOptions = {}): CompleteRoleOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as RoleOptions;
  return { ...ROLE_DEFAULTS, ...given };
}
