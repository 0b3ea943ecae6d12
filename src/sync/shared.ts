/**
 * The memory that a blocking client shares with the thread of its socket: a ring of received bytes, and what the two tell
 * each other by numbers. The socket's thread writes the ring, the client reads it.
 */
export interface Shared {
  readonly numbers: Int32Array<SharedArrayBuffer>;
  readonly ring: Uint8Array<SharedArrayBuffer>;
}

export const RING_BYTES = 1024 * 1024;

/** What the numbers are. The first two count bytes, and go round at 2 ** 32. */
export const AT = {
  /** Received. The client waits for a change of this. */
  written: 0,
  /** Taken out of the ring. */
  read: 1,
  /** 0: dialling, 1: connected, 2: over. */
  state: 2,
  /** Who may use the socket's descriptor: 0 nobody does, 1 the client writes to it, 2 it is closed. */
  gate: 3,
  /** Bytes that the client has handed to the thread, and that have not gone out. */
  queued: 4,
  /** The thread has stopped reading, since the ring is full. */
  full: 5,
  /** The client's event loop has been woken, and has not looked yet. */
  told: 6,
  /** The socket's descriptor; -1 if there is none that can be written to. */
  descriptor: 7,
} as const;

export const STATE = { dialling: 0, connected: 1, over: 2 } as const;
export const GATE = { free: 0, writing: 1, shut: 2 } as const;

export function makeShared(): Shared {
  const numbers = new Int32Array(new SharedArrayBuffer(Object.keys(AT).length * Int32Array.BYTES_PER_ELEMENT));
  return { numbers, ring: new Uint8Array(new SharedArrayBuffer(RING_BYTES)) };
}

/** How many bytes are in the ring. */
export function filled({ numbers }: Shared): number {
  return (Atomics.load(numbers, AT.written) - Atomics.load(numbers, AT.read)) >>> 0;
}

/** What the thread tells besides. An error crosses as its parts: a class does not. */
export type FromThread =
  | { readonly tells: 'data' }
  | { readonly tells: 'drained' }
  | { readonly tells: 'connected'; readonly name: string }
  | { readonly tells: 'over'; readonly error: ThreadError | undefined };

export interface ThreadError {
  readonly code: string | undefined;
  readonly message: string;
  readonly cause?: { readonly code: string | undefined; readonly message: string };
}

/** What the client tells the thread: bytes to write, and these. */
export type ToThread = Uint8Array | 'more' | 'end' | 'destroy';
