import type { RoleNewsItem } from '../../roles/news.js';
import { addressOf } from '../../transports/address.js';
import { HostWatch } from './host-watch.js';
import type { News } from './news.js';

type HandoverItem = Extract<RoleNewsItem, { kind: 'handover' }>;

/** The hosts that scripts use: the one that they are started for, and those that they have been seen to connect to. */
export class HostWatches {
  readonly #byPath = new Map<string, HostWatch>();

  constructor(
    private readonly tell: (news: News) => void,
    private readonly lost: (news: Extract<RoleNewsItem, { kind: 'lost' }>) => void,
  ) {}

  /** @throws DynobotError ERR_DYNOBOT_ADDRESS */
  watch(address: string): void {
    const { path } = addressOf(address);
    if (this.#byPath.has(path)) return;
    const watch = new HostWatch(address, this.tell, this.lost);
    this.#byPath.set(path, watch);
    watch.present().catch(() => {}); // Whoever needs the host asks again.
  }

  /**
   * Resolves when all of them are there.
   *
   * @throws DynobotError if one does not come in time
   */
  async present(): Promise<void> {
    await Promise.all([...this.#byPath.values()].map((watch) => watch.present()));
  }

  /** What a host has said of the turn that a process has got; undefined if none says anything. */
  async handoverTo(pid: number): Promise<HandoverItem | undefined> {
    const said = [...this.#byPath.values()].map(async (watch) => (await watch.handoverTo(pid)) ?? Promise.reject(new Error('nothing')));
    return Promise.any(said).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byPath.values()].map((watch) => watch.close()));
  }
}
