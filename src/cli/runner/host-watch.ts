import { connect, DynobotError, type Connection } from '../../index.js';
import { RECONNECT } from '../../connection/options.js';
import { retry } from '../../connection/retry.js';
import type { RoleNewsItem } from '../../roles/news.js';
import type { News } from './news.js';

type HandoverItem = Extract<RoleNewsItem, { kind: 'handover' }>;

/**
 * How long to wait for what the host says of a handover, when the process says that it has its turn: milliseconds. The host
 * has said it, or says it as soon as it is connected; only one that goes at this very moment says nothing.
 */
const HEARSAY = 5000;

/** A runner's own eye on a host: whether it is there, and what happens to its roles. */
export class HostWatch {
  #connection: Promise<Connection> | undefined;
  readonly #handovers = new Map<number, HandoverItem>();
  readonly #awaited = new Map<number, (news: HandoverItem) => void>();
  readonly #closing = new AbortController();

  constructor(
    private readonly address: string,
    private readonly tell: (news: News) => void,
    /** Events of a role that a process has lost. */
    private readonly lost: (news: Extract<RoleNewsItem, { kind: 'lost' }>) => void,
  ) {}

  /**
   * Resolves when the host is there.
   *
   * @throws DynobotError if it does not come in time
   */
  async present(): Promise<void> {
    const connection = await this.#connected();
    if (connection.connected) return;
    await new Promise<void>((resolve, reject) => {
      connection.once('reconnect', resolve);
      connection.once('close', (reason) => reject(reason ?? new Error('closed')));
    });
  }

  /** What the host has said of the turn that this process has got. */
  async handoverTo(pid: number): Promise<HandoverItem | undefined> {
    const known = this.#handovers.get(pid);
    if (known !== undefined) return known;
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#settle(pid, resolve), HEARSAY);
      this.#awaited.set(pid, (news) => {
        clearTimeout(late);
        this.#settle(pid, resolve, news);
      });
    });
  }

  #settle(pid: number, resolve: (news: HandoverItem | undefined) => void, news?: HandoverItem): void {
    this.#awaited.delete(pid);
    resolve(news);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const connection = await this.#connection?.catch(() => undefined);
    // Its end is something to wait for.
    await connection?.ref().close();
  }

  #connected(): Promise<Connection> {
    this.#connection ??= this.#connect();
    this.#connection.catch(() => (this.#connection = undefined));
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    let isFirst = true;
    const attempt = async (): Promise<Connection> => {
      try {
        return await connect(this.address, { name: 'dynobot run', role: undefined });
      } catch (error) {
        if (isFirst && isAbsent(error)) this.tell({ kind: 'waiting', host: this.address, patience: RECONNECT });
        isFirst = false;
        throw error;
      }
    };
    const { signal } = this.#closing;
    try {
      const connection = await retry(attempt, { within: RECONNECT, signal, isFinal: (error) => !isAbsent(error), ref: () => true });
      this.#follow(connection);
      return connection;
    } catch (error) {
      if (!signal.aborted) this.tell({ kind: 'noHost', host: this.address, reason: (error as Error).message });
      throw error;
    }
  }

  #follow(connection: Connection): void {
    connection.on('disconnect', () => this.tell({ kind: 'hostGone', host: this.address }));
    connection.on('reconnect', () => this.tell({ kind: 'hostBack', host: this.address }));
    connection.on('close', (reason) => {
      this.#connection = undefined;
      if (reason !== undefined) this.tell({ kind: 'noHost', host: this.address, reason: reason.message });
    });
    connection.on('error', () => {}); // It is there to look on.
    connection.unref();
    connection.followRoles((news) => {
      if (news.kind === 'handover') this.#handedOver(news);
      else if (news.kind === 'lost') this.lost(news);
    });
  }

  #handedOver(news: HandoverItem): void {
    const { pid } = news.to;
    this.#handovers.set(pid, news);
    this.#awaited.get(pid)?.(news);
  }
}

/** Whether an error means that there is no host at this moment. */
export function isAbsent(error: unknown): boolean {
  return error instanceof DynobotError && (error.code === 'ERR_DYNOBOT_NO_HOST' || error.code === 'ERR_DYNOBOT_STALE_SOCKET' || error.kind === 'disconnected' || error.kind === 'timeout');
}
