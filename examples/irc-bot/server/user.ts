import type { Channel } from './channel.js';
import { format } from './message.js';

/** One TCP connection and, once it has registered, the user on it. */
export class User {
  nick = '*';
  username = '';
  realName = '';
  registered = false;
  /** True between `CAP LS` and `CAP END`: registration waits for it. */
  negotiating = false;
  readonly capabilities = new Set<string>();
  readonly modes = new Set<string>();
  readonly channels = new Set<Channel>();

  constructor(
    readonly connection: number,
    readonly host: string,
    private readonly write: (line: string) => void,
    /** Ends the connection once everything written has been sent. */
    readonly hangUp: () => void,
  ) {}

  /** How the protocol names this user as a source. */
  get mask(): string {
    return `${this.nick}!${this.username}@${this.host}`;
  }

  send(source: string, command: string, ...params: string[]): void {
    const time = this.capabilities.has('server-time') ? `@time=${new Date().toISOString()} ` : '';
    this.write(`${time}${format(source, command, params)}`);
  }
}
