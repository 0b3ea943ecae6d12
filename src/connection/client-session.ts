import { disconnected, limitError, type DynobotError } from '../errors.js';
import type { PeerOptions } from '../peer/options.js';
import type { PeerOwner } from '../peer/owner.js';
import { Peer } from '../peer/peer.js';
import type { Tables } from '../peer/tables.js';
import type { Turn } from '../roles/turn.js';
import type { Transport } from '../transports/transport.js';
import type { Greeting } from '../wire.js';

/** What a connection hears of its session. */
export interface ClientSessionWatcher {
  /** The name of a proxy that stands for the service, or undefined: it was withdrawn. `isNew`: all services had arrived. */
  service(session: ClientSession, name: string, proxy: object | undefined, isNew: boolean): void;
  failed(error: unknown, where: string): void;
  /** So many events were dropped, because this process reads too slowly. */
  missed(count: number): void;
  /** An open session has ended. */
  ended(session: ClientSession, reason: DynobotError | undefined): void;
}

/** One session of a connection: the only one, or one of several that follow each other. */
export class ClientSession implements PeerOwner {
  readonly peer: Peer;
  /** What it does for a role. */
  readonly role: Turn | undefined;
  /** The names of the services that have arrived. */
  readonly services = new Set<string>();
  readonly #handshake: number;
  #expected = Infinity;
  #isOpen = false;
  #opened!: { resolve(): void; reject(error: unknown): void };

  constructor(
    readonly transport: Transport,
    private readonly watcher: ClientSessionWatcher,
    options: PeerOptions,
    turnOf: (peer: Peer) => Turn | undefined,
  ) {
    this.#handshake = options.limits.handshake;
    this.peer = new Peer(transport, this, options);
    this.role = turnOf(this.peer);
  }

  /** Resolves when the host has greeted and all its services have arrived. */
  async open(greeting: Greeting): Promise<void> {
    const opened = new Promise<void>((resolve, reject) => (this.#opened = { resolve, reject }));
    this.peer.open(greeting, []);
    const late = setTimeout(() => this.peer.end(limitError('HANDSHAKE', this.#missing())), this.#handshake).unref();
    try {
      await opened;
    } finally {
      clearTimeout(late);
    }
  }

  #missing(): string {
    const all = `${this.#expected} services within ${this.#handshake} ms (limits.handshake)`;
    return `${this.peer.label} announced ${all}, and sent ${this.services.size}`;
  }

  greeted({ name, services }: Greeting): void {
    this.peer.label = name;
    this.#expected = services;
    this.#arrived();
  }

  service(name: string, proxy: object | undefined): void {
    if (proxy === undefined) this.services.delete(name);
    else this.services.add(name);
    this.watcher.service(this, name, proxy, this.#isOpen);
    this.#arrived();
  }

  #arrived(): void {
    if (this.#isOpen || this.services.size < this.#expected) return;
    this.#isOpen = true;
    this.#opened.resolve();
  }

  missed(count: number): void {
    this.watcher.missed(count);
  }

  failed(error: unknown, where: string): void {
    this.watcher.failed(error, where);
  }

  ended(reason: DynobotError | undefined, _cleaned: Tables): void {
    if (this.#isOpen) this.watcher.ended(this, reason);
    else this.#opened.reject(reason ?? disconnected(`${this.peer.label} closed the connection`));
  }
}
