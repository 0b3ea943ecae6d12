import { disconnected, DynobotError, protocolError } from '../errors.js';
import type { Outcome, RoleEnd, RolePost } from '../peer/role-end.js';
import type { Platform } from '../platform.js';
import type { RoleStep } from '../wire.js';
import { Handling } from './handling.js';
import type { Gap } from './report.js';
import { decodeState, encodeState, type StateCodec } from './state.js';

/** What `ready` takes. */
export interface ReadyOptions {
  /** A last look whether this process will do: it fails by throwing, by rejecting, or by answering false. */
  check?: () => unknown;
  /** Milliseconds that the check may take. By default the host's bound for getting ready holds. */
  timeout?: number;
}

/** What a process gets with its turn. */
export interface Start<State = unknown> {
  /** A copy of what the process before has handed over, or saved; undefined if there is none. */
  previous: State | undefined;
}

/** The turn is over. */
export interface Retirement {
  /** Milliseconds until the session is ended, whatever is still in hand. */
  deadline: number;
  /** Makes the session wait for something more than the handlers and calls that are running. */
  until(work: PromiseLike<unknown>): void;
}

export interface TurnOwner {
  retiring(retirement: Retirement): void;
  missed(gap: Gap): void;
  failed(error: unknown, where: string): void;
}

type Stage = 'staged' | 'checking' | 'asking' | 'starting' | 'live' | 'retiring';

/** One process's turn in a role, from its own side: staged, live, retiring. */
export class Turn implements RoleEnd {
  #stage: Stage = 'staged';
  #handover: (() => unknown) | undefined;
  /** What has come since the turn was given: it waits until the code that has asked for the turn has seen the state. */
  #held: (() => void)[] = [];
  #started: { resolve(start: Start): void; reject(error: unknown): void } | undefined;
  /** Null: it was taken back. */
  #saved: Uint8Array | null | undefined;
  #saving: { resolve(): void; reject(error: unknown): void }[] = [];
  readonly #handling: Handling;

  constructor(
    private readonly post: RolePost,
    private readonly platform: Platform,
    private readonly owner: TurnOwner,
    private readonly codec: StateCodec,
  ) {
    this.#handling = new Handling(post, platform);
  }

  // What the process does

  async ready({ check, timeout = 0 }: ReadyOptions): Promise<Start> {
    this.#mustBe('staged', 'ready() was called before');
    this.#stage = 'checking';
    if (check !== undefined) await this.#check(check, timeout);
    if (this.post.ended) throw disconnected(`${this.post.label} is not connected any more`);
    const start = new Promise<Start>((resolve, reject) => (this.#started = { resolve, reject }));
    this.#ask();
    return start;
  }

  #ask(): void {
    this.#stage = 'asking';
    this.post.step('ready', this.#handover !== undefined);
  }

  onHandover(state: () => unknown): void {
    const isNew = this.#handover === undefined;
    this.#handover = state;
    if (isNew && this.#stage !== 'staged' && this.#stage !== 'checking') this.post.step('hands', true);
  }

  /** @throws at once for a state that is no data */
  save(state: unknown): Promise<void> {
    if (this.post.ended) throw disconnected(`${this.post.label} is not connected any more`);
    this.#saved = state === undefined ? null : encodeState(state, this.codec);
    this.post.step('save', this.#saved);
    const saved = new Promise<void>((resolve, reject) => this.#saving.push({ resolve, reject }));
    // Who does not wait for it does not want to hear that the session has ended.
    saved.catch(() => {});
    return saved;
  }

  get isStaged(): boolean {
    return this.#stage === 'staged';
  }

  /** Whether the session's end is that of the turn, too: its time was over, or it has not begun in time. */
  isOver(reason: DynobotError | undefined): boolean {
    return this.#stage === 'retiring' || (this.#stage !== 'live' && reason?.kind === 'timeout');
  }

  /**
   * Goes on, with a host that has come back, where another turn was when its session was lost. Whoever had the turn, or
   * asks for it, asks again; what it has saved is saved again.
   */
  resume(before: Turn): void {
    this.#handover = before.#handover;
    this.#saved = before.#saved;
    const waiting = before.#saving.splice(0);
    if (this.#saved !== undefined) {
      this.post.step('save', this.#saved);
      this.#saving.push({ resolve: () => waiting.forEach(({ resolve }) => resolve()), reject: (error) => waiting.forEach(({ reject }) => reject(error)) });
    }
    this.#started = before.#started;
    before.#started = undefined;
    if (before.#stage === 'staged' || before.#stage === 'checking') return;
    this.#started ??= { resolve: () => {}, reject: (error) => this.owner.failed(error, 'taking the turn again') };
    this.#ask();
  }

  /** The session has ended. */
  ended(reason: DynobotError | undefined): void {
    const error = (): DynobotError => disconnected(`the session with ${this.post.label} has ended`, reason);
    this.#held = [];
    this.#started?.reject(error());
    this.#started = undefined;
    for (const { reject } of this.#saving.splice(0)) reject(error());
  }

  async #check(check: () => unknown, timeout: number): Promise<void> {
    try {
      if (await this.#inTime(check, timeout) === false) throw new Error('the health check has answered false');
    } catch (cause) {
      this.#stage = 'staged';
      if (!this.post.ended) this.#tellFailure(cause);
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new DynobotError('ERR_DYNOBOT_NOT_READY', `the health check failed: ${message}`, { cause });
    }
  }

  #inTime(check: () => unknown, timeout: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new DynobotError('ERR_DYNOBOT_TIMEOUT', `it did not come to a result within ${timeout} ms`));
      const callOff = timeout > 0 ? this.platform.after(timeout, late) : () => {};
      Promise.resolve().then(check).finally(callOff).then(resolve, reject);
    });
  }

  #tellFailure(error: unknown): void {
    try {
      this.post.step('failed', error);
    } catch {
      this.post.step('failed', new Error(String(error)));
    }
  }

  #mustBe(stage: Stage, problem: string): void {
    if (this.post.ended) throw disconnected(`${this.post.label} is not connected any more`);
    if (this.#stage !== stage) throw new DynobotError('ERR_DYNOBOT_ROLE', problem);
  }

  // What the host tells

  event(number: number, run: () => Outcome): void {
    if (this.#stage === 'starting') this.#held.push(() => this.#handling.take(number, run));
    else if (this.#stage === 'live' || this.#stage === 'retiring') this.#handling.take(number, run);
    else throw protocolError('an event of a role came before the turn');
  }

  handled(): void {
    throw protocolError('a host says what it has handled');
  }

  step(step: RoleStep, value: unknown): void {
    switch (step) {
      case 'turn': return this.#start(value);
      case 'gap': return this.#miss(value as Gap);
      case 'hand': return void this.#handOver();
      case 'saved': return this.#saving.shift()?.resolve();
      case 'retire': return this.#retire(Number(value));
      default: throw protocolError(`a host takes the step ${JSON.stringify(step)} in a role`);
    }
  }

  #start(state: unknown): void {
    if (this.#started === undefined) throw protocolError('a turn is given that nobody asked for');
    const previous = state instanceof Uint8Array ? decodeState(state, this.codec) : undefined;
    this.#stage = 'starting';
    this.#started.resolve({ previous });
    this.#started = undefined;
    // After all that is set off by the promise, as far as it does not wait for anything else.
    queueMicrotask(() => this.platform.defer(() => this.#begin()));
  }

  #begin(): void {
    if (this.post.ended) return;
    for (let next = this.#held.shift(); next !== undefined; next = this.#held.shift()) next();
    if (this.#stage === 'starting') this.#stage = 'live';
  }

  #miss(gap: Gap): void {
    if (this.#stage === 'starting') this.#held.push(() => this.owner.missed(gap));
    else this.owner.missed(gap);
  }

  async #handOver(): Promise<void> {
    try {
      const state = encodeState(await this.#handover?.(), this.codec);
      this.#handling.flush();
      if (!this.post.ended) this.post.step('state', state);
    } catch (error) {
      if (this.post.ended) return;
      this.owner.failed(error, 'the handover');
      this.#tellStateless(error);
    }
  }

  #tellStateless(error: unknown): void {
    try {
      this.post.step('stateless', error);
    } catch {
      this.post.step('stateless', new Error(String(error)));
    }
  }

  #retire(deadline: number): void {
    if (this.#stage === 'starting') return void this.#held.push(() => this.#retire(deadline));
    this.#stage = 'retiring';
    const waited: PromiseLike<unknown>[] = [];
    this.owner.retiring({ deadline, until: (work) => void waited.push(work) });
    void this.#finish(waited);
  }

  /** What is finished may have set off more. */
  async #finish(waited: PromiseLike<unknown>[]): Promise<void> {
    do {
      await Promise.allSettled(waited.splice(0));
      await this.#handling.idle();
      await this.post.idle();
    } while (waited.length > 0 || !this.#handling.isIdle);
    if (this.post.ended) return;
    this.#handling.flush();
    this.post.step('retired');
  }
}
