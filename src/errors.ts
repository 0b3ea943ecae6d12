/** How a reader of an error should react to it. */
export type ErrorKind =
  /** The call itself is wrong: change the code. */
  | 'usage'
  /** What was asked for is not there, or not allowed. */
  | 'refused'
  /** The other process has gone: connect again. */
  | 'disconnected'
  /** It took too long: it may have happened nevertheless. */
  | 'timeout'
  /** A bound was reached: do less at once, or raise the bound. */
  | 'limit'
  /** The peer broke the protocol: it is broken, hostile, or of another version. */
  | 'protocol';

/** Every code that dynobot raises, with its kind. docs/errors.md is generated from this table. */
export const CODES = {
  ERR_DYNOBOT_ADDRESS: { kind: 'usage', means: 'The address or name of a host cannot be used as one.' },
  ERR_DYNOBOT_ARGUMENT: { kind: 'usage', means: 'An argument of a dynobot function, or an option, is not known or not what it must be; the message says what it may be.' },
  ERR_DYNOBOT_UNCLONABLE: { kind: 'usage', means: 'A value cannot cross; the message names the path to it. Nothing was sent.' },
  ERR_DYNOBOT_RELEASED: { kind: 'usage', means: 'The reference was released and cannot be used any more.' },
  ERR_DYNOBOT_ROLE: { kind: 'usage', means: 'A step in a role at the wrong time: without a role, a second time, or after the turn was over.' },
  ERR_DYNOBOT_NO_HOST: { kind: 'refused', means: 'Nobody hosts that name.' },
  ERR_DYNOBOT_STALE_SOCKET: { kind: 'refused', means: 'A socket file is there, but the host that made it has gone.' },
  ERR_DYNOBOT_NAME_TAKEN: { kind: 'refused', means: 'Another live host has that name.' },
  ERR_DYNOBOT_UNSAFE_DIRECTORY: { kind: 'refused', means: 'The directory for sockets belongs to, or can be written by, somebody else.' },
  ERR_DYNOBOT_VERSION: { kind: 'refused', means: 'The two sides speak different versions of the protocol.' },
  ERR_DYNOBOT_NO_SERVICE: { kind: 'refused', means: 'The host has no service of that name, or has withdrawn it.' },
  ERR_DYNOBOT_APP: { kind: 'usage', means: 'What `dynobot serve` is to run is no app: it exports none, and does not listen.' },
  ERR_DYNOBOT_DENIED: { kind: 'refused', means: 'The member is there, but the service does not let clients reach it.' },
  ERR_DYNOBOT_NOT_READY: { kind: 'refused', means: 'The process is not ready to take its turn in a role: its health check failed. Nothing has changed.' },
  ERR_DYNOBOT_DISCONNECTED: { kind: 'disconnected', means: 'The session has ended, and with it every call, reference and stream of it.' },
  ERR_DYNOBOT_STALE: { kind: 'disconnected', means: 'The reference is of a host that has gone. Its successor is connected: ask a service for the object again.' },
  ERR_DYNOBOT_TIMEOUT: { kind: 'timeout', means: 'No answer came in time. The call may have been carried out.' },
  ERR_DYNOBOT_LIMIT: { kind: 'limit', means: 'A limit was reached that has no code of its own; the message says which.' },
  ERR_DYNOBOT_LIMIT_FRAME: { kind: 'limit', means: 'A message is longer than `limits.frame` or `limits.queue`. Refused where it is made; received, the session ends.' },
  ERR_DYNOBOT_LIMIT_DEPTH: { kind: 'limit', means: 'A value is nested deeper than `limits.depth`. Refused where it is sent; received, the session ends.' },
  ERR_DYNOBOT_LIMIT_ELEMENTS: { kind: 'limit', means: 'A message holds more than `limits.elements`. Refused where it is made; received, the session ends.' },
  ERR_DYNOBOT_LIMIT_REFERENCES: { kind: 'limit', means: 'More than `limits.references` are held. What would send one more is refused; received, the session ends.' },
  ERR_DYNOBOT_LIMIT_LISTENERS: { kind: 'limit', means: 'More than `limits.listeners` by one session: the listener is not attached.' },
  ERR_DYNOBOT_LIMIT_CALLS: { kind: 'limit', means: 'More than `limits.calls` wait for an answer: the call is refused.' },
  ERR_DYNOBOT_LIMIT_RATE: { kind: 'limit', means: 'More than `limits.callsPerSecond`: the call is refused.' },
  ERR_DYNOBOT_LIMIT_QUEUE: { kind: 'limit', means: 'The peer reads too slowly: more than `limits.queue` waits for it. Its session has ended.' },
  ERR_DYNOBOT_LIMIT_WINDOW: { kind: 'limit', means: 'The peer sends more of a body, a response or a socket than it may before what came is taken. Its session has ended.' },
  ERR_DYNOBOT_LIMIT_SHAPES: { kind: 'limit', means: 'The peer describes more than `limits.shapes`. Its session has ended.' },
  ERR_DYNOBOT_LIMIT_STACK: { kind: 'limit', means: 'Calls of a client that blocks are nested too deeply for its stack, here or by way of the host. Nothing was sent. It is a `RangeError`, as for any recursion.' },
  ERR_DYNOBOT_LIMIT_HANDSHAKE: { kind: 'timeout', means: 'No greeting came within `limits.handshake`.' },
  ERR_DYNOBOT_LIMIT_HEARTBEAT: { kind: 'disconnected', means: 'Nothing was heard of the peer within `limits.heartbeat`: it has stopped, or the way to it is cut. The session has ended.' },
  ERR_DYNOBOT_PROTOCOL: { kind: 'protocol', means: 'The peer sent something that the protocol does not allow. Its session was ended.' },
} as const satisfies Record<string, { kind: ErrorKind; means: string }>;

export type ErrorCode = keyof typeof CODES;

const BRAND = Symbol.for('dynobot.error');

/**
 * The one family of errors that dynobot itself raises. Errors that hosted code throws keep their own class.
 *
 * `code` is stable and documented; `kind` says how to react. `error instanceof DynobotError` holds across two copies
 * of the package, too.
 */
export class DynobotError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.kind = CODES[code].kind;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
Object.defineProperties(DynobotError.prototype, {
  name: { value: 'DynobotError', configurable: true, writable: true },
  [BRAND]: { value: true },
});

/** What a session ends with when its peer breaks the protocol. */
export function protocolError(message: string): DynobotError {
  return new DynobotError('ERR_DYNOBOT_PROTOCOL', message);
}

/** What every call, stream and parked promise of an ended session fails with. */
export function disconnected(what: string, cause?: unknown): DynobotError {
  return new DynobotError('ERR_DYNOBOT_DISCONNECTED', what, cause === undefined ? undefined : { cause });
}

/** What a limit is called in the code of its error. */
export type LimitCode = 'FRAME' | 'DEPTH' | 'ELEMENTS' | 'REFERENCES' | 'LISTENERS' | 'CALLS' | 'RATE' | 'QUEUE' | 'WINDOW' | 'SHAPES' | 'HANDSHAKE' | 'HEARTBEAT';

export function limitError(limit: LimitCode, message: string): DynobotError {
  return new DynobotError(`ERR_DYNOBOT_LIMIT_${limit}`, message);
}

export function isLimitError(error: unknown): error is DynobotError {
  return error instanceof DynobotError && error.code.startsWith('ERR_DYNOBOT_LIMIT_');
}
