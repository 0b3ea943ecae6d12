/** The bounds of one session, each overridable: `host(services, { limits })`, `connect(address, { limits })`. */
export interface Limits {
  /** Longest message, with its attachments, in bytes: a longer one is refused here, and ends the session of who sends it. */
  frame: number;
  /** Deepest nesting of a value, in either direction. */
  depth: number;
  /** Most elements and properties in one message, in either direction. */
  elements: number;
  /** Most references that a peer may hold of ours, and we of its. */
  references: number;
  /** Most listeners that a peer may have attached. */
  listeners: number;
  /** Most events that are kept of an emitter that an event has just brought to a peer, until it has handled that event. */
  newcomer: number;
  /** Most calls of a peer that may wait for their answer at a time. */
  calls: number;
  /** Most roles that the clients of a host may take turns in. */
  roles: number;
  /** Most calls of a peer in a second, those without an answer included: more are refused. Events for listeners do not count. */
  callsPerSecond: number;
  /** Most bytes that wait for a peer that reads slowly. What happens beyond is up to the option `slowReader`. */
  queue: number;
  /** Most kinds of objects (classes, sets of methods) that a peer may describe. */
  shapes: number;
  /** Longest time from the transport's opening to the peer's greeting, in milliseconds. */
  handshake: number;
  /** Milliseconds within which a peer must have been heard of, or its session ends. 0: for ever. */
  heartbeat: number;
  /** Most primitive properties that a reference brings with it as its snapshot. */
  snapshotProperties: number;
  /** Longest string in a snapshot; a longer one is read anew when it is asked for. */
  snapshotString: number;
}

export const LIMITS: Readonly<Limits> = Object.freeze({
  frame: 64 * 1024 * 1024,
  depth: 500,
  elements: 1_000_000,
  references: 2_000_000,
  listeners: 20_000,
  newcomer: 10_000,
  calls: 100_000,
  roles: 1000,
  callsPerSecond: 1_000_000,
  queue: 64 * 1024 * 1024,
  shapes: 10_000,
  handshake: 10_000,
  heartbeat: 60_000,
  snapshotProperties: 256,
  snapshotString: 4096,
});

/** Several short messages may come as one frame. Whatever the limit for one message is, such a frame may take so many bytes. */
export const GATHERED = 64 * 1024;

/** Longest frame that a transport takes in, in bytes, where one message may have so many. */
export function longestFrame(longestMessage = LIMITS.frame): number {
  return Math.max(longestMessage, GATHERED);
}
