/** What can happen on the server. `open` and `close` are of TCP connections, the others of the users on them. */
export type EventName = 'open' | 'register' | 'nick' | 'join' | 'say' | 'part' | 'quit' | 'close';

/** One thing that happened. */
export interface Entry {
  /** Milliseconds since the server started. */
  readonly at: number;
  readonly event: EventName;
  /** The number of the TCP connection on which it happened. */
  readonly connection: number;
  readonly nick?: string;
  /** The channel, or for `say` also the nick, that it was about. */
  readonly target?: string;
  readonly text?: string;
}

/** Everything that happened, in order: what the demo proves its case from. */
export class History {
  readonly entries: Entry[] = [];
  readonly #start = performance.now();

  record(entry: Omit<Entry, 'at'>): void {
    this.entries.push({ at: Math.round(performance.now() - this.#start), ...entry });
  }
}
