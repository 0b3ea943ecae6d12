import { EventEmitter } from 'node:events';
import type { ConnectionEvents } from '../connection/events.js';
import { disconnected, limitError, type DynobotError } from '../errors.js';
import { peerOptions, type SessionOptions } from '../options.js';
import type { PeerOwner } from '../peer/owner.js';
import { Peer } from '../peer/peer.js';
import type { Tables } from '../peer/tables.js';
import type { HostReport } from '../report.js';
import { servicesObject } from '../connection/services.js';
import { programName } from '../connection/program-name.js';
import { withIdentity } from '../values/error.js';
import type { Kinds } from '../values/kinds.js';
import { SELF, type Greeting } from '../wire.js';
import { BlockingSession, TIMEOUT } from './session.js';
import type { BlockingTransport } from './transport.js';

export interface ConnectSyncOptions extends SessionOptions {
  /** What this client is called in the host's reports. By default its script's name. */
  name?: string;
  /** Milliseconds after which a call that was not answered throws ERR_DYNOBOT_TIMEOUT: 60 000 by default; 0: never. */
  timeout?: number;
  /** A client that blocks takes no turns. `undefined`, said here, lets it connect all the same where `dynobot run` has given it a role. */
  role?: undefined;
  /** A host that has gone is gone for good. */
  reconnect?: false | 0;
}

/** The session of a client that blocks with a host. */
export class SyncConnection<S = Record<string, unknown>> extends EventEmitter<ConnectionEvents> implements PeerOwner, Disposable {
  /** The host's services, as they are there. Asking for one that is not there throws ERR_DYNOBOT_NO_SERVICE. */
  readonly services: S;
  readonly #known = new Map<string, object>();
  readonly #transport: BlockingTransport;
  readonly #peer: Peer;
  #session!: BlockingSession;
  #expected = Infinity;
  #reason: DynobotError | undefined;
  #closing = false;

  /** @internal Use `connectSync()`. */
  constructor(transport: BlockingTransport, options: ConnectSyncOptions) {
    super();
    this.#transport = transport;
    const { timeout = TIMEOUT } = options;
    const forPeer = peerOptions({ ...options, timeout: 0 }, { label: transport.name, mayIgnoreAnswers: true });
    const { limits } = forPeer;
    const [kinds, kindsForOthers] = [identifying(forPeer.kinds), identifying(forPeer.kindsForOthers ?? forPeer.kinds)];
    const waiting = {
      take: (ms: number) => transport.take(ms),
      now: () => performance.now(),
      later: (task: () => void) => void setImmediate(task),
      afterTurn: (task: () => void) => process.nextTick(task),
    };
    this.#peer = new Peer(transport, this, { ...forPeer, kinds, kindsForOthers, blocking: (peer) => (this.#session = new BlockingSession(peer, waiting, timeout)) });
    this.services = servicesObject(this.#known, () => this.host) as S;
    transport.came = () => this.#session.serve();
    this.#open(options.name ?? programName(), limits.handshake);
  }

  #open(name: string, handshake: number): void {
    this.#peer.open({ name, pid: process.pid, services: 0 }, []);
    const deadline = performance.now() + handshake;
    while (this.#known.size < this.#expected && !this.#peer.ended) {
      if (!this.#session.standStill(deadline)) this.#peer.end(limitError('HANDSHAKE', this.#missing(handshake)));
    }
    if (this.#peer.ended) throw this.#reason ?? disconnected(`${this.host} closed the connection`);
    this.#expected = 0;
  }

  #missing(handshake: number): string {
    if (this.#expected === Infinity) return `no greeting came within ${handshake} ms (limits.handshake)`;
    return `${this.host} announced ${this.#expected} services within ${handshake} ms (limits.handshake), and sent ${this.#known.size}`;
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
  inspect(): HostReport {
    const self = this.#known.get(SELF) as { inspect(): HostReport } | undefined;
    if (self === undefined || !this.connected) throw disconnected(`${this.host} is not connected any more`);
    return self.inspect();
  }

  /** Ends the session: all that this client had in the host is gone. */
  close(): void {
    this.#closing = true;
    this.#peer.end();
  }

  [Symbol.dispose](): void {
    this.close();
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
  }

  /** @internal */
  service(name: string, proxy: object | undefined): void {
    this.#session.noticed();
    const isNew = this.#expected === 0;
    if (proxy === undefined) this.#known.delete(name);
    else this.#known.set(name, proxy);
    if (proxy === undefined) this.#tell('withdraw', name);
    else if (isNew) this.#tell('service', name);
  }

  /** @internal */
  failed(error: unknown, where: string): void {
    this.#session.noticed();
    this.#tell('error', error, where);
  }

  /** @internal */
  ended(reason: DynobotError | undefined): void {
    this.#reason = reason;
    if (this.#expected !== 0) return;
    const expected = this.#closing || reason === undefined;
    const isUnheard = !expected && this.listenerCount('close') === 0;
    this.#tell('close', expected ? undefined : reason);
    if (isUnheard) this.#tell('error', reason);
  }

  /** When the event loop is reached: it may be in the middle of a call. */
  #tell<E extends keyof ConnectionEvents>(event: E, ...args: ConnectionEvents[E]): void {
    setImmediate(() => void (this as EventEmitter).emit(event, ...args));
  }
}

/** What this process throws over there is what it catches when it comes back. */
function identifying(kinds: Kinds): Kinds {
  return kinds.with([withIdentity(kinds.tagged('Error')!)]);
}
