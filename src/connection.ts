import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import { disconnected, DynobotError } from './errors.js';
import { SELF } from './host.js';
import { peerOptions, type SessionOptions } from './options.js';
import { Peer, type PeerOwner, type Tables } from './peer/peer.js';
import type { HostReport } from './report.js';
import type { RoleNewsItem } from './roles/news.js';
import type { Gap } from './roles/report.js';
import { Turn, type ReadyOptions, type Retirement, type Start, type TurnOwner } from './roles/turn.js';
import { servicesObject } from './services.js';
import type { Transport } from './transports/transport.js';
import type { Services } from './types/remote.js';
import type { Greeting } from './wire.js';

export interface ConnectOptions extends SessionOptions {
  /** What this client is called in the host's reports. By default its script's name. */
  name?: string;
  /**
   * The role that this process takes turns in: its listeners are not live before `ready()`. By default what DYNOBOT_ROLE in
   * the environment says, which `dynobot run --role` sets.
   */
  role?: string;
  /** Its place in the role, if several processes share it. Who comes to a place that is taken succeeds who is there. */
  instance?: string | number;
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
  /** The turn in the role is over: another process gets the events from now on. The session ends when all is finished. */
  retire: [retirement: Retirement];
  /** Events were dropped before this process got its turn. */
  gap: [gap: Gap];
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
  #opened!: { resolve(): void; reject(error: unknown): void };
  #closing = false;
  readonly #greeting: Greeting;
  readonly #turn: Turn | undefined;

  /** @internal Use `connect()`. */
  constructor(transport: Transport, options: ConnectOptions) {
    super();
    this.#transport = transport;
    this.#name = options.name ?? basename(process.argv[1] ?? 'node');
    const forPeer = peerOptions(options, { label: transport.name, mayIgnoreAnswers: false });
    this.#handshake = forPeer.limits.handshake;
    this.#peer = new Peer(transport, this, forPeer);
    this.#greeting = { name: this.#name, pid: process.pid, services: 0, ...roleOf(options) };
    const { kinds, limits: { depth, frame: most } } = forPeer;
    if (this.#greeting.role !== undefined) this.#turn = new Turn(this.#peer, forPeer.platform, this.#turnOwner(), { kinds, depth, most });
    this.services = servicesObject(this.#known, () => this.host) as Services<S>;
  }

  /** @internal Resolves when all services have arrived. */
  async open(): Promise<this> {
    const ready = new Promise<void>((resolve, reject) => (this.#opened = { resolve, reject }));
    this.#peer.open(this.#greeting, []);
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

  // Taking turns in a role

  /** @internal What the session does for its role. */
  get role(): Turn | undefined {
    return this.#turn;
  }

  /**
   * Takes the turn in the role: from now on its events come to this process. Until then its listeners are registered, and
   * hear nothing. The process that has had the turn is told to retire.
   *
   * @param options `check`: a last look, which fails by throwing or by answering false; `timeout`: milliseconds for it
   * @returns `previous`: a copy of the state that the process before has handed over (`onHandover`) or saved (`save`)
   * @throws DynobotError ERR_DYNOBOT_NOT_READY if the check fails: nothing has changed; ERR_DYNOBOT_ROLE without a role, or
   *   a second time; ERR_DYNOBOT_DISCONNECTED
   * @example
   * const { previous } = await connection.ready<{ seen: number }>();
   * seen = previous?.seen ?? 0;
   */
  async ready<State = unknown>(options: ReadyOptions = {}): Promise<Start<State>> {
    return await this.#inRole('ready()').ready(options) as Start<State>;
  }

  /**
   * Says what the next process gets to know from this one. It is asked when that process is ready; events wait meanwhile.
   *
   * @param state returns data, which is copied, or a promise of it
   * @throws DynobotError ERR_DYNOBOT_ROLE without a role
   * @example
   * connection.onHandover(() => ({ seen }));
   */
  onHandover(state: () => unknown): this {
    this.#inRole('onHandover()').onHandover(state);
    return this;
  }

  /**
   * Leaves a state with the host, for the next process, in case this one dies. A later one takes its place; `undefined`
   * takes it back.
   *
   * @returns resolves when the host has it
   * @throws DynobotError at once: ERR_DYNOBOT_UNCLONABLE for what is no data, ERR_DYNOBOT_LIMIT, ERR_DYNOBOT_ROLE without a
   *   role, ERR_DYNOBOT_DISCONNECTED
   * @example
   * await connection.save({ seen });
   */
  save(state: unknown): Promise<void> {
    return this.#inRole('save()').save(state);
  }

  /**
   * Follows what happens to the host's roles, from another process: for what starts and watches scripts.
   *
   * @internal
   */
  followRoles(listener: (news: RoleNewsItem) => void): this {
    (this.#known.get(SELF) as { on(event: 'role', listener: (news: RoleNewsItem) => void): void }).on('role', listener);
    return this;
  }

  #inRole(method: string): Turn {
    if (this.#turn !== undefined) return this.#turn;
    throw new DynobotError('ERR_DYNOBOT_ROLE', `${method} needs a role: connect(address, { role: 'responder' })`);
  }

  #turnOwner(): TurnOwner {
    return {
      retiring: (retirement) => this.#tell('retire', retirement),
      missed: (gap) => this.#tell('gap', gap),
      failed: (error, where) => this.failed(error, where),
    };
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
    this.#opened.resolve();
  }

  /** @internal */
  failed(error: unknown, where: string): void {
    this.#tell('error', error, where);
  }

  /** @internal */
  ended(reason: DynobotError | undefined): void {
    const expected = this.#closing || reason === undefined;
    this.#opened.reject(reason ?? disconnected(`${this.host} closed the connection`));
    this.#turn?.ended(reason);
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

/** Without one of its own, a process that `dynobot run --role` has started takes the role that it was started for. */
function roleOf({ role = process.env['DYNOBOT_ROLE'], instance = process.env['DYNOBOT_INSTANCE'] ?? '' }: ConnectOptions): Pick<Greeting, 'role'> {
  return role ? { role: { name: role, instance: String(instance) } } : {};
}
