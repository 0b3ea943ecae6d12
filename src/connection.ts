import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import { disconnected, DynobotError } from './errors.js';
import { SELF } from './host.js';
import { peerOptions, type SessionOptions } from './options.js';
import { Peer, type PeerOwner, type Tables } from './peer/peer.js';
import type { HostReport } from './report.js';
import { servicesObject } from './services.js';
import type { Transport } from './transports/transport.js';
import type { Services } from './types/remote.js';
import type { Greeting } from './wire.js';

export interface ConnectOptions extends SessionOptions {
  /** What this client is called in the host's reports. By default its script's name. */
  name?: string;
}

export interface ConnectionEvents {
  /** The session has ended; `reason` is undefined if `close` was called on either side. */
  close: [reason: DynobotError | undefined];
  /**
   * Something failed that nobody waits for: a refused listener or assignment; a lost connection, if there is no listener
   * for `close`. Without a listener it is an uncaught error.
   */
  error: [error: unknown, where?: string];
  /** The host has added a service. */
  service: [name: string];
  /** The host has taken a service back. */
  withdraw: [name: string];
}

/** A client's session with a host. */
export class Connection<S = Record<string, unknown>> extends EventEmitter<ConnectionEvents> implements PeerOwner, Disposable, AsyncDisposable {
  /** Proxies of the host's services. Asking for one that is not there throws ERR_DYNOBOT_NO_SERVICE. */
  readonly services: Services<S>;
  readonly #known = new Map<string, object>();
  readonly #peer: Peer;
  readonly #name: string;
  readonly #transport: Transport;
  readonly #handshake: number;
  #expected = Infinity;
  #ready!: { resolve(): void; reject(error: unknown): void };
  #closing = false;

  /** @internal Use `connect()`. */
  constructor(transport: Transport, options: ConnectOptions) {
    super();
    this.#transport = transport;
    this.#name = options.name ?? basename(process.argv[1] ?? 'node');
    const forPeer = peerOptions(options, { label: transport.name, mayIgnoreAnswers: false });
    this.#handshake = forPeer.limits.handshake;
    this.#peer = new Peer(transport, this, forPeer);
    this.services = servicesObject(this.#known, () => this.host) as Services<S>;
  }

  /** @internal Resolves when all services have arrived. */
  async open(): Promise<this> {
    const ready = new Promise<void>((resolve, reject) => (this.#ready = { resolve, reject }));
    this.#peer.open({ name: this.#name, pid: process.pid, services: 0 }, []);
    const late = setTimeout(() => this.#peer.end(new DynobotError('ERR_DYNOBOT_TIMEOUT', this.#missing())), this.#handshake).unref();
    try {
      await ready;
    } finally {
      clearTimeout(late);
    }
    return this;
  }

  #missing(): string {
    const all = `${this.#expected} services within ${this.#handshake} ms (limits.handshake)`;
    return `${this.host} announced ${all}, and sent ${this.#known.size}`;
  }

  /** The host's name. */
  get host(): string {
    return this.#peer.label;
  }

  get connected(): boolean {
    return !this.#peer.ended;
  }

  /** How much of the session there is on this side. */
  get tables(): Tables {
    return this.#peer.tables;
  }

  /**
   * What the host shows of itself: services, sessions, references, listeners.
   *
   * @throws DynobotError ERR_DYNOBOT_DISCONNECTED
   */
  async inspect(): Promise<HostReport> {
    const self = this.#known.get(SELF) as { inspect(): Promise<HostReport> } | undefined;
    if (self === undefined || !this.connected) throw disconnected(`${this.host} is not connected any more`);
    return self.inspect();
  }

  /** Ends the session: all that this client had in the host is gone. Resolves when the transport has closed. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#peer.end();
    await this.#peer.gone;
  }

  /** Ends the session without waiting for the transport. */
  [Symbol.dispose](): void {
    void this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whether the open connection keeps this process alive. It does, until `unref`. */
  ref(): this {
    this.#transport.ref();
    return this;
  }

  unref(): this {
    this.#transport.unref();
    return this;
  }

  /** @internal */
  greeted({ name, services }: Greeting): void {
    this.#peer.label = name;
    this.#expected = services;
    this.#arrived();
  }

  /** @internal */
  service(name: string, proxy: object | undefined): void {
    const isNew = this.#known.size >= this.#expected;
    if (proxy === undefined) this.#known.delete(name);
    else this.#known.set(name, proxy);
    if (proxy === undefined) this.#tell('withdraw', name);
    else if (isNew) this.#tell('service', name);
    else this.#arrived();
  }

  #arrived(): void {
    if (this.#known.size < this.#expected) return;
    this.#expected = 0;
    this.#ready.resolve();
  }

  /** @internal */
  failed(error: unknown, where: string): void {
    this.#tell('error', error, where);
  }

  /** @internal */
  ended(reason: DynobotError | undefined): void {
    const expected = this.#closing || reason === undefined;
    this.#ready.reject(reason ?? disconnected(`${this.host} closed the connection`));
    const isUnheard = !expected && this.#expected === 0 && this.listenerCount('close') === 0;
    this.#tell('close', expected ? undefined : reason);
    if (isUnheard) this.#tell('error', reason);
  }

  #tell<E extends keyof ConnectionEvents>(event: E, ...args: ConnectionEvents[E]): void {
    try {
      (this as EventEmitter).emit(event, ...args);
    } catch (error) {
      this.#peer.uncaught(error);
    }
  }
}
