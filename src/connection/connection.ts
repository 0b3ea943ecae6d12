import { EventEmitter } from 'node:events';
import { checkOptions } from '../check-options.js';
import { ClientSession, type ClientSessionWatcher } from './client-session.js';
import { disconnected, DynobotError } from '../errors.js';
import type { ConnectionEvents } from './events.js';
import type { ConnectOptions } from './options.js';
import { peerOptions } from '../options.js';
import type { PeerOptions } from '../peer/options.js';
import type { Peer } from '../peer/peer.js';
import type { Tables } from '../peer/tables.js';
import { Attached } from '../proxies/attached.js';
import { referenceOf, type Succession } from '../proxies/reference.js';
import { programName } from './program-name.js';
import type { HostReport } from '../report.js';
import { retry } from './retry.js';
import type { RoleNewsItem } from '../roles/news.js';
import type { ReadyOptions, Start, Turn, TurnOwner } from '../roles/turn.js';
import { servicesObject, ServiceProxies } from './services.js';
import type { Transport } from '../transports/transport.js';
import type { Services } from '../types/remote.js';
import { SELF, type Greeting } from '../wire.js';

/** What leads to the host: once, or each time that it is lost. */
export interface Way {
  readonly transport: () => Transport | Promise<Transport>;
  /** How many milliseconds it may be gone; 0: it is gone for good. */
  readonly patience: number;
}

/** A client's hold on a host: one session, or several that follow each other. */
export class Connection<S = Record<string, unknown>> extends EventEmitter<ConnectionEvents> implements ClientSessionWatcher, Disposable, AsyncDisposable {
  /** Proxies of the host's services. Asking for one that is not there throws ERR_DYNOBOT_NO_SERVICE. */
  readonly services: Services<S>;
  readonly #services = new ServiceProxies();
  readonly #way: Way;
  readonly #greeting: Greeting;
  readonly #options: PeerOptions;
  readonly #succession: Succession | undefined;
  #session!: ClientSession;
  #isRef = true;
  #isOver = false;
  readonly #closing = new AbortController();
  /** Settled when the host is back, or is not waited for any more. */
  #return: Promise<void> | undefined;

  /** @internal Use `connect()`. */
  constructor(way: Way, options: ConnectOptions) {
    super();
    this.#way = way;
    const name = options.name ?? programName();
    this.#greeting = { name, pid: process.pid, services: 0, ...roleOf(options) };
    this.#succession = way.patience > 0 ? { state: 'open', attached: new Attached() } : undefined;
    this.#options = peerOptions(options, { label: 'the host', mayIgnoreAnswers: false });
    this.services = servicesObject(this.#services.present, () => this.host) as Services<S>;
  }

  /** @internal Resolves when all services have arrived. */
  async open(): Promise<this> {
    this.#session = await this.#begin();
    await this.#session.open(this.#greeting);
    return this;
  }

  async #begin(): Promise<ClientSession> {
    const loading = this.#turns();
    loading.catch(() => {}); // It is waited for below, unless the host cannot be reached.
    // One by one, and not by Promise.all: an error shows ten frames, and the user's own must be among them.
    const transport = await this.#way.transport();
    const turnOf = await loading;
    const succession = this.#succession === undefined ? {} : { succession: this.#succession };
    return new ClientSession(transport, this, { ...this.#options, ...succession, label: transport.name }, turnOf);
  }

  /** What makes a session's turn, if this is for a role: most are not, and do not load what that takes. */
  async #turns(): Promise<(peer: Peer) => Turn | undefined> {
    if (this.#greeting.role === undefined) return () => undefined;
    const { Turn } = await import('../roles/turn.js');
    const { platform, kinds, limits: { depth, frame: most } } = this.#options;
    return (peer) => new Turn(peer, platform, this.#turnOwner(), { kinds, depth, most });
  }

  /** The host's name. */
  get host(): string {
    return this.#session.peer.label;
  }

  /** Its place in the role, if several processes share it (`instance`, or `dynobot run --instances`): '' without. */
  get instance(): string {
    return this.#greeting.role?.instance ?? '';
  }

  /** Whether there is a session now. */
  get connected(): boolean {
    return !this.#session.peer.ended;
  }

  /** How much of the session there is on this side. */
  get tables(): Tables {
    return this.#session.peer.tables;
  }

  /**
   * What the host shows of itself: services, sessions, references, listeners.
   *
   * @throws DynobotError ERR_DYNOBOT_DISCONNECTED
   */
  async inspect(): Promise<HostReport> {
    const self = this.#services.present.get(SELF) as { inspect(): Promise<HostReport> } | undefined;
    if (self === undefined || !this.connected) throw disconnected(`${this.host} is not connected any more`);
    return self.inspect();
  }

  // Taking turns in a role

  /** @internal What the session does for its role. */
  get role(): Turn | undefined {
    return this.#session.role;
  }

  /**
   * Takes the turn in the role: from now on its events come to this process. Until then its listeners are registered, and
   * hear nothing. The process that has had the turn is told to retire. A host that is away is waited for.
   *
   * @param options `check`: a last look, which fails by throwing or by answering false; `timeout`: milliseconds for it
   * @returns `previous`: a copy of the state that the process before has handed over (`onHandover`) or saved (`save`)
   * @throws DynobotError ERR_DYNOBOT_NOT_READY if the check fails: nothing has changed; ERR_DYNOBOT_ROLE without a role, or
   *   a second time; ERR_DYNOBOT_ARGUMENT for an option that is not known; ERR_DYNOBOT_DISCONNECTED
   * @example
   * const { previous } = await connection.ready<{ seen: number }>();
   * seen = previous?.seen ?? 0;
   */
  async ready<State = unknown>(options: ReadyOptions = {}): Promise<Start<State>> {
    this.#inRole('ready()');
    checkOptions('ready()', options);
    if (!this.connected) await this.#return;
    const start = await this.#inRole('ready()').ready(options);
    this.#tell('turn');
    return start as Start<State>;
  }

  /**
   * Says what the next process gets to know from this one. It is asked when that process is ready; events wait meanwhile.
   *
   * @param state returns data, which is copied, or a promise of it
   * @throws DynobotError ERR_DYNOBOT_ROLE without a role, ERR_DYNOBOT_ARGUMENT for what is no function
   * @example
   * connection.onHandover(() => ({ seen }));
   */
  onHandover(state: () => unknown): this {
    const role = this.#inRole('onHandover()');
    if (typeof state !== 'function') throw new DynobotError('ERR_DYNOBOT_ARGUMENT', 'onHandover() takes a function that returns the state');
    role.onHandover(state);
    return this;
  }

  /**
   * Leaves a state with the host, for the next process, in case this one dies. A later one takes its place; `undefined`
   * takes it back.
   *
   * @returns resolves when the host has it
   * @throws DynobotError at once: ERR_DYNOBOT_UNCLONABLE for what is no data, ERR_DYNOBOT_LIMIT_FRAME, ERR_DYNOBOT_ROLE
   *   without a role. It rejects with ERR_DYNOBOT_LIMIT (the role's bound `saved`), ERR_DYNOBOT_ROLE if the turn is over,
   *   ERR_DYNOBOT_DISCONNECTED
   * @example
   * await connection.save({ seen });
   */
  save(state: unknown): Promise<void> {
    return this.#inRole('save()').save(state);
  }

  /**
   * Gives the turn in the role up: its events go to the other processes of the role, or wait for the next one. What this
   * process has in hand is finished; what `onHandover` then returns is saved for whoever comes next. Without a turn it is
   * `close`.
   *
   * @returns resolves when the connection is closed
   * @throws DynobotError ERR_DYNOBOT_ROLE without a role
   * @example
   * process.once('SIGTERM', () => void connection.retire());
   */
  async retire(): Promise<void> {
    if (this.#isOver) return;
    if (!this.#inRole('retire()').leave()) return this.close();
    await new Promise<void>((resolve) => this.once('close', () => resolve()));
  }

  /**
   * Follows what happens to the host's roles, from another process: for what starts and watches scripts.
   *
   * @internal
   */
  followRoles(listener: (news: RoleNewsItem) => void): this {
    (this.#services.present.get(SELF) as { follow(listener: (news: RoleNewsItem) => void): void }).follow(listener);
    return this;
  }

  /** @internal Ends a role that no process comes for any more. Resolves to whether there was one. */
  async forgetRole(role: string): Promise<boolean> {
    return (this.#services.present.get(SELF) as { forget(role: string): Promise<boolean> }).forget(role);
  }

  /** @internal What leads to the host, for another process. */
  get address(): string {
    return this.#session.transport.name;
  }

  /** @internal */
  get roleName(): string {
    return this.#greeting.role?.name ?? '';
  }

  /** @internal Whether it has a role, and has not asked for its turn. */
  get isStaged(): boolean {
    return this.role?.isStaged === true;
  }

  /** @internal Asks for the turn, unless that was done. Resolves when it has begun. */
  async takeTurn(): Promise<void> {
    if (!this.connected) await this.#return;
    if (this.isStaged) await this.ready();
    else if (this.role?.hasBegun !== true) await new Promise<void>((resolve) => this.once('turn', resolve));
  }

  #inRole(method: string): Turn {
    if (this.role !== undefined) return this.role;
    throw new DynobotError('ERR_DYNOBOT_ROLE', `${method} needs a role: connect(address, { role: 'responder' })`);
  }

  #turnOwner(): TurnOwner {
    return {
      retiring: (retirement) => this.#tell('retire', retirement),
      missed: (gap) => this.#tell('gap', gap),
      unhanded: (error) => this.#unhanded(error),
      failed: (error, where) => this.failed(error, where),
    };
  }

  /** Without a listener it is no uncaught error: what this process has in hand would be lost with it. */
  #unhanded(error: unknown): void {
    if (this.listenerCount('error') > 0) return this.#tell('error', error, 'the handover');
    process.emitWarning(`the handover: ${error instanceof Error ? error.message : String(error)}`, { type: 'DynobotWarning' });
  }

  /** Ends the session: all that this client had in the host is gone. Resolves when the transport has closed. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#session.peer.end();
    await Promise.all([this.#session.peer.gone, this.#return]);
  }

  /** Ends the session without waiting for the transport. */
  [Symbol.dispose](): void {
    void this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whether the connection, open or waiting for its host, keeps this process alive. It does, until `unref`. */
  ref(): this {
    this.#isRef = true;
    this.#session.transport.ref();
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#session.transport.unref();
    return this;
  }

  /** @internal */
  service(session: ClientSession, name: string, arrived: object | undefined, isNew: boolean): void {
    const known = arrived && this.#services.arrived(session.peer, name, arrived);
    if (arrived === undefined) this.#services.withdrawn(name);
    if (!isNew) return;
    if (known !== undefined) this.#succession?.attached.attachAgain(new Set([referenceOf(known)!]));
    this.#tell(arrived === undefined ? 'withdraw' : 'service', name);
  }

  /** @internal */
  missed(total: number): void {
    this.#tell('gap', { total, events: [] });
  }

  /** @internal */
  failed(error: unknown, where: string): void {
    this.#tell('error', error, where);
  }

  /** @internal */
  ended(session: ClientSession, reason: DynobotError | undefined): void {
    if (session !== this.#session) return;
    const isLoss = reason === undefined || reason.kind === 'disconnected' || reason.kind === 'timeout';
    const mayReturn = isLoss && session.role?.isOver(reason) !== true;
    if (this.#closing.signal.aborted || this.#way.patience === 0 || !mayReturn) return this.#over(reason);
    this.#succession!.state = 'awaited';
    this.#tellLoss(reason ?? disconnected(`${this.host} has closed`));
    this.#return = this.#awaitHost();
  }

  #tellLoss(reason: DynobotError): void {
    if (this.listenerCount('disconnect') > 0) return this.#tell('disconnect', reason);
    const bound = this.#way.patience === Infinity ? '' : ` up to ${this.#way.patience / 1000} s`;
    process.emitWarning(`${reason.message}; waiting${bound} for it to come back`, { type: 'DynobotWarning', code: reason.code });
  }

  async #awaitHost(): Promise<void> {
    const { signal } = this.#closing;
    const before = new Set(this.#services.present.keys());
    try {
      const session = await retry(() => this.#attempt(), { within: this.#way.patience, signal, isFinal, ref: () => this.#isRef });
      this.#resume(session, before);
    } catch (error) {
      this.#over(signal.aborted ? undefined : this.#notBack(error));
    }
  }

  async #attempt(): Promise<ClientSession> {
    const session = await this.#begin();
    if (!this.#isRef) session.transport.unref();
    const end = (): void => session.peer.end();
    const { signal } = this.#closing;
    signal.addEventListener('abort', end, { once: true });
    try {
      if (signal.aborted) end();
      await session.open(this.#greeting);
      return session;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  #resume(session: ClientSession, before: ReadonlySet<string>): void {
    const { role } = this.#session;
    this.#session = session;
    if (session.peer.ended) return this.ended(session, undefined);
    this.#succession!.state = 'open';
    const gone = this.#services.reduceTo(session.services);
    this.#succession!.attached.attachAgain(this.#services.references);
    // Its listeners first: what was held for its role goes to them.
    if (role !== undefined) session.role?.resume(role);
    this.#tell('reconnect');
    for (const name of gone) this.#tell('withdraw', name);
    for (const name of session.services) if (!before.has(name)) this.#tell('service', name);
  }

  #notBack(error: unknown): DynobotError {
    if (isFinal(error)) return error as DynobotError;
    return disconnected(`${this.host} has gone, and has not come back within ${this.#way.patience} ms`, error);
  }

  #over(reason: DynobotError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.role?.ended(reason);
    if (this.#succession !== undefined) this.#succession.state = 'over';
    const expected = this.#closing.signal.aborted || reason === undefined;
    const isUnheard = !expected && this.listenerCount('close') === 0;
    this.#tell('close', expected ? undefined : reason);
    if (isUnheard) this.#tell('error', reason);
  }

  #tell<E extends keyof ConnectionEvents>(event: E, ...args: ConnectionEvents[E]): void {
    try {
      (this as EventEmitter).emit(event, ...args);
    } catch (error) {
      this.#session.peer.uncaught(error);
    }
  }
}

/** Whether another attempt to reach the host would fail in the same way. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof DynobotError)) return true;
  return error.kind === 'protocol' || error.kind === 'limit' || error.code === 'ERR_DYNOBOT_VERSION' || error.code === 'ERR_DYNOBOT_UNSAFE_DIRECTORY';
}

function roleOf({ role, instance = '' }: ConnectOptions): Pick<Greeting, 'role'> {
  return role === undefined ? {} : { role: { name: role, instance: String(instance) } };
}
