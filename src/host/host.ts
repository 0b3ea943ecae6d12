import { EventEmitter } from 'node:events';
import { checkOptions } from '../check-options.js';
import { disconnected, DynobotError } from '../errors.js';
import { HostSession, type SessionWatcher } from './host-session.js';
import { longestFrame } from '../limits.js';
import { overridden, peerOptions, type SessionOptions } from '../options.js';
import { Self } from './self.js';
import type { PeerOptions } from '../peer/options.js';
import { checkPolicy } from '../peer/check-policy.js';
import type { Tables } from '../peer/tables.js';
import type { Policy } from '../peer/policy.js';
import { canBeService } from '../proxies/names.js';
import type { HostReport } from '../report.js';
import type { FailureNews, HandoverNews, LossNews, RetirementNews, VacancyNews } from '../roles/news.js';
import type { RoleOptions } from '../roles/options.js';
import type { RoleHost } from '../roles/role-host.js';
import { Roles, type Part } from '../roles/roles.js';
import { listen, type Listener } from '../transports/listen.js';
import { toTransport, type Target } from '../transports/target.js';
import type { Transport } from '../transports/transport.js';
import { byReference } from '../values/marks.js';
import { SELF } from '../wire.js';

export interface HostOptions extends SessionOptions {
  /** Clients connect by this name, or by a path of a socket. Without it, only what is attached becomes a client. */
  name?: string;
  /** What clients may reach of each service, and of what it hands out. A service that is not named lets them reach all that is public. */
  reach?: Readonly<Record<string, Policy>>;
  /** How each role is treated: bounds for its parked events, sharing, redelivery. Roles that are not named get ROLE_DEFAULTS. */
  roles?: Readonly<Record<string, RoleOptions>>;
}

/** What one session may have otherwise than its host. */
export type AttachOptions = Pick<SessionOptions, 'limits' | 'slowReader'>;

export interface CloseOptions {
  /** Milliseconds that calls which have begun get to end, and answers to go out. 0: all is cut off at once. */
  deadline?: number;
}

/** Milliseconds. */
const DEADLINE = 2_000;

/** What was of a session and is gone now. */
export interface Disconnect {
  session: { id: number; client: string; pid: number; transport: string };
  /** Why; undefined if the client closed it. */
  reason: DynobotError | undefined;
  cleaned: Tables;
}

export interface HostEvents {
  connect: [session: { id: number; client: string; pid: number }];
  disconnect: [disconnect: Disconnect];
  /** Something failed that nobody waits for. Without a listener it becomes a process warning. */
  error: [error: unknown, where: string];
  /** The turn in a role has gone to another process. */
  handover: [news: HandoverNews];
  /** A process has failed before it was ready for its turn in a role. */
  failure: [news: FailureNews];
  /** A role has no process any more. */
  vacancy: [news: VacancyNews];
  /** A process whose turn is over has finished, or was cut off. */
  retired: [news: RetirementNews];
  /** Events of a role that were in the hands of a process that has gone, or cannot be given to anybody. */
  lost: [news: LossNews];
}

/** Publishes objects to other processes: what `host()` returns. */
export class Host extends EventEmitter<HostEvents> implements SessionWatcher {
  readonly #services = new Map<string, object>();
  readonly #policies = new Map<string, Policy>();
  readonly #sessions = new Set<HostSession>();
  readonly #options: PeerOptions;
  readonly #began = Date.now();
  readonly #roles: Roles;
  readonly #self = new Self({ inspect: () => this.inspect(), forget: (role) => this.forget(role), turns: () => this.#roles.turns() });
  #listener: Listener | undefined;
  #lastSession = 0;
  #closed = false;
  readonly name: string;

  /** @internal Use `host()`. */
  constructor(options: HostOptions) {
    super({ captureRejections: true });
    this.name = options.name ?? `host-${process.pid}`;
    this.#options = peerOptions(options, { label: 'a client', mayIgnoreAnswers: true, contains: true });
    this.#services.set(SELF, byReference(this.#self));
    this.#roles = new Roles(this.#roleHost(), options.roles ?? {}, this.#options.limits.roles);
  }

  /** Where clients find it: `unix:/run/…`. Undefined if it does not listen. */
  get address(): string | undefined {
    return this.#listener?.name;
  }

  /** @internal Use `host(services, { name })`. */
  async listen(address: string): Promise<void> {
    this.#listener = await listen(address, (transport) => this.#begin(transport), { maxFrameBytes: longestFrame(this.#options.limits.frame) });
  }

  /**
   * Makes a client of the process behind a forked child, a Worker, a MessagePort, a socket, or any Transport. It calls
   * `connect(process)`, `connect(parentPort)` and so on.
   *
   * @param options `limits` and `slowReader` of this session, where they differ from the host's
   * @throws DynobotError ERR_DYNOBOT_ARGUMENT if `target` is none of these; ERR_DYNOBOT_DISCONNECTED if the host is closed
   * @example
   * bot.attach(fork('./bot.js'));
   * bot.attach(socket, { limits: { calls: 10 }, slowReader: 'drop-oldest' });
   */
  attach(target: Target, options: AttachOptions = {}): this {
    checkOptions('attach()', options);
    this.#mustBeOpen();
    const forThis = overridden(this.#options, options);
    this.#begin(toTransport(target, longestFrame(forThis.limits.frame)), forThis);
    return this;
  }

  /**
   * Adds a service, for clients that are there and those to come. A name that is there is replaced.
   *
   * @param policy what of it, and of what it hands out, clients may reach
   * @throws DynobotError ERR_DYNOBOT_ARGUMENT; ERR_DYNOBOT_DISCONNECTED if the host is closed
   */
  publish(name: string, service: object, policy?: Policy): this {
    if ((typeof service !== 'object' && typeof service !== 'function') || service === null) {
      throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `the service ${name} must be an object or a function, not ${service === null ? 'null' : typeof service}`);
    }
    if (name === SELF || name === '' || !canBeService(name)) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `a service cannot be called ${JSON.stringify(name)}`);
    if (policy !== undefined) checkPolicy(`publish(), the reach of ${name}`, policy);
    this.withdraw(name);
    const isNew = ![...this.#services.values()].includes(service);
    this.#services.set(name, byReference(service));
    if (isNew) this.#options.platform.published?.(service);
    if (policy !== undefined) this.#policies.set(name, policy);
    for (const { peer } of this.#sessions) peer.publish(name, service, policy);
    return this;
  }

  /**
   * Takes a service back: what clients have attached to it is detached, and using it fails with ERR_DYNOBOT_NO_SERVICE.
   *
   * @returns whether there was one
   * @throws DynobotError ERR_DYNOBOT_DISCONNECTED if the host is closed
   */
  withdraw(name: string): boolean {
    this.#mustBeOpen();
    const service = name === SELF ? undefined : this.#services.get(name);
    if (service === undefined) return false;
    this.#services.delete(name);
    this.#policies.delete(name);
    const hasAnotherName = [...this.#services.values()].includes(service);
    if (!hasAnotherName) this.#options.platform.withdrawn?.(service);
    for (const { peer } of this.#sessions) {
      if (!hasAnotherName) peer.withdraw(service);
      peer.unpublish(name);
    }
    return true;
  }

  /** What is here now: services, sessions, references, listeners. */
  inspect(): HostReport {
    const services = [...this.#services].filter(([name]) => name !== SELF).map(([name, service]) => ({ name, class: classOf(service) }));
    const nameOf = this.#naming();
    const sessions = [...this.#sessions].map((session) => session.report(nameOf));
    return { name: this.name, pid: process.pid, age: Date.now() - this.#began, services, sessions, roles: this.#roles.report() };
  }

  /**
   * Ends a role that no process comes for any more: what is held for it is told as lost (`ended`), its states and counts go,
   * and nothing is held for it until a process comes again. A role's option `forget` does so by itself.
   *
   * @returns whether there was such a role
   * @throws DynobotError ERR_DYNOBOT_ROLE while there are processes in it
   * @example
   * bot.forget('responder');
   */
  forget(role: string): boolean {
    return this.#roles.forget(role);
  }

  /** What people call the objects that are here. */
  #naming(): (object: object) => string {
    const names = new Map([...this.#services].map(([name, service]) => [service, name]));
    return (object) => names.get(object) ?? classOf(object);
  }

  /**
   * Ends the host: it takes no more clients and no more calls, finishes what it has begun and sends what waits, detaches
   * what clients have attached, and ends every session. The hosted objects stay as they are: they are yours.
   *
   * @param options `deadline`: milliseconds within which it must be done (2000). What is not finished by then is cut off:
   *   its callers get ERR_DYNOBOT_DISCONNECTED
   * @returns resolves when all is over, at the latest after the deadline
   */
  async close(options: CloseOptions = {}): Promise<void> {
    checkOptions('close()', options);
    const { deadline = DEADLINE } = options;
    this.#closed = true;
    this.#listener?.close();
    const peers = [...this.#sessions].map(({ peer }) => peer);
    await Promise.all(peers.map((peer) => peer.finish(deadline)));
    this.#roles.close();
    for (const service of new Set(this.#services.values())) this.#options.platform.withdrawn?.(service);
  }

  /** Ends every session at once, without waiting for their transports. */
  [Symbol.dispose](): void {
    void this.close({ deadline: 0 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw disconnected('the host is closed');
  }

  #begin(transport: Transport, options = this.#options): void {
    const session = new HostSession(++this.#lastSession, transport, this, options);
    this.#sessions.add(session);
    try {
      session.peer.open({ name: this.name, pid: process.pid, services: this.#services.size }, this.#services, this.#policies);
    } catch (error) {
      this.#report(error, 'a service');
      session.peer.end();
    }
  }

  /** @internal */
  began({ id, client, pid }: HostSession): void {
    this.#tell('connect', { id, client, pid });
  }

  /** @internal */
  failed(session: HostSession, error: unknown, where: string): void {
    this.#report(error, `${where} of ${session.peer.label}`);
  }

  /** @internal */
  ended(session: HostSession, reason: DynobotError | undefined, cleaned: Tables): void {
    this.#sessions.delete(session);
    const { id, client, pid, transport, isClient } = session;
    const isLoss = reason === undefined || reason.kind === 'disconnected';
    if (!isClient && isLoss) return;
    if (!isLoss) this.#report(reason, `the session of ${session.peer.label}`);
    this.#tell('disconnect', { session: { id, client, pid, transport: transport.name }, reason, cleaned });
  }

  /** @internal */
  join({ id: session, client, pid, peer }: HostSession, role: unknown): Part {
    return this.#roles.join(role, { session, client, pid }, peer);
  }

  #roleHost(): RoleHost {
    return {
      platform: this.#options.platform,
      kinds: this.#options.kinds,
      mostWaiting: this.#options.limits.queue,
      nameOf: (object) => this.#naming()(object),
      isService: (object) => [...this.#services.values()].includes(object),
      tell: (kind, news) => {
        this.#tell(kind, ...([news] as HostEvents[typeof kind]));
        Self.tell(this.#self, kind, news);
      },
      failed: (error, where) => this.#report(error, where),
    };
  }

  #report(error: unknown, where: string): void {
    if (this.listenerCount('error') > 0) this.#tell('error', error, where);
    else this.#warn(error, where);
  }

  #warn(error: unknown, where: string): void {
    process.emitWarning(`${where}: ${messageOf(error)}`, { type: 'DynobotWarning', ...codeOf(error) });
  }

  /** What a listener of the host's own throws is told like any other failure. What one for `error` throws, as a warning. */
  #tell<E extends keyof HostEvents>(event: E, ...args: HostEvents[E]): void {
    try {
      (this as EventEmitter).emit(event, ...args);
    } catch (error) {
      this.#listenerFailed(error, event);
    }
  }

  /** @internal The same for one that is async. */
  override [EventEmitter.captureRejectionSymbol]<K>(error: unknown, event: keyof HostEvents | K, ..._args: unknown[]): void {
    this.#listenerFailed(error, String(event));
  }

  #listenerFailed(error: unknown, event: string): void {
    if (event === 'error') this.#warn(error, 'a listener for error');
    else this.#report(error, `a listener for ${event}`);
  }
}

/** What a client threw may be anything. An object is not asked what it is as text. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return (typeof error === 'object' && error !== null) || typeof error === 'function' ? 'something that is not an error' : String(error);
}

function codeOf(error: unknown): { code?: string } {
  return error instanceof DynobotError ? { code: error.code } : {};
}

function classOf(value: object): string {
  if (typeof value === 'function') return /^class\b/.test(Function.prototype.toString.call(value)) ? `class ${value.name}` : 'Function';
  const { constructor } = value as { constructor?: unknown };
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'Object';
}
