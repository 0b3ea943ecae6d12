import type { DynobotError } from '../errors.js';
import type { PeerOptions } from '../peer/options.js';
import type { PeerOwner } from '../peer/owner.js';
import { Peer } from '../peer/peer.js';
import type { Tables } from '../peer/tables.js';
import type { RoleEnd } from '../peer/role-end.js';
import type { ListenerCount, SessionReport } from '../report.js';
import type { Part } from '../roles/roles.js';
import type { Transport } from '../transports/transport.js';
import type { Greeting } from '../wire.js';

/** What a host hears of its sessions. */
export interface SessionWatcher {
  began(session: HostSession): void;
  failed(session: HostSession, error: unknown, where: string): void;
  ended(session: HostSession, reason: DynobotError | undefined, cleaned: Tables): void;
  /** It takes turns in a role. */
  join(session: HostSession, role: unknown): Part;
}

/** A client's name is shown to all who look at the host. */
const LONGEST_NAME = 256;

/** One client of a host. */
export class HostSession implements PeerOwner {
  readonly peer: Peer;
  readonly #began = Date.now();
  /** It has greeted: what goes without a word (somebody who looks whether a name is taken) is no client. */
  isClient = false;
  client = '';
  pid = 0;
  #part: Part | undefined;

  constructor(
    readonly id: number,
    readonly transport: Transport,
    private readonly watcher: SessionWatcher,
    options: PeerOptions,
  ) {
    this.peer = new Peer(transport, this, options);
  }

  get role(): RoleEnd | undefined {
    return this.#part?.member;
  }

  greeted({ name, pid, role }: Greeting): void {
    this.isClient = true;
    this.client = name.slice(0, LONGEST_NAME);
    this.pid = Number(pid);
    this.peer.label = `${this.client}[${this.pid}]`;
    if (role !== undefined) this.#join(role);
    this.watcher.began(this);
  }

  #join(role: unknown): void {
    this.#part = this.watcher.join(this, role);
    this.peer.ledger.staging = this.#part.staging;
  }

  get identity(): { id: number; client: string; pid: number } {
    const { id, client, pid } = this;
    return { id, client, pid };
  }

  /** Clients have no services to offer. */
  service(): void {}

  failed(error: unknown, where: string): void {
    this.watcher.failed(this, error, where);
  }

  ended(reason: DynobotError | undefined, cleaned: Tables): void {
    this.watcher.ended(this, reason, cleaned);
    this.#part?.left(reason);
  }

  /** `nameOf` names the objects that listeners are attached to. */
  report(nameOf: (object: object) => string): SessionReport {
    const { id, client, pid } = this;
    const attached = [...countListeners(this.peer, nameOf).values()];
    return { id, client, pid, transport: this.transport.name, age: Date.now() - this.#began, ...this.peer.tables, attached, dropped: this.peer.dropped };
  }
}

function countListeners({ ledger }: Peer, nameOf: (object: object) => string): Map<string, ListenerCount> {
  const counts = new Map<string, ListenerCount>();
  for (const { target, event } of ledger.entries()) {
    const on = nameOf(target);
    const called = nameOfEvent(event);
    const key = JSON.stringify([on, called]);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { on, event: called, count: 1 });
    else known.count++;
  }
  return counts;
}

/** An event may be called by anything, also by what has no text. */
function nameOfEvent(event: unknown): string {
  return typeof event === 'object' && event !== null ? 'an object' : String(event);
}
