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
  /** Its state is not handed over. That is no reason to end with what is in hand. */
  unhanded(error: unknown): void;
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
  /** It has been asked for its state, and has not answered. */
  #isHanding = false;
  /** It gives its turn up, and nobody in particular succeeds it. */
  #isLeaving = false;
  /** Null: it was taken back. */
  #saved: Uint8Array | null | undefined;
  #saving: { resolve(): void; reject(error: unknown): void }[] = [];
  /** Why there will be no session any more. */
  #over: DynobotError | undefined;
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

  /** @throws at once for a state that is no data, and before the turn */
  save(state: unknown): Promise<void> {
    if (this.#stage === 'staged' || this.#stage === 'checking') throw new DynobotError('ERR_DYNOBOT_ROLE', 'only a process that has the turn can save a state for the next');
    this.#saved = state === undefined ? null : encodeState(state, this.codec);
    const saved = new Promise<void>((resolve, reject) => this.#saving.push({ resolve, reject }));
    // Who does not wait for it does not want to hear that it is too late.
    saved.catch(() => {});
    if (this.#over !== undefined) this.#failSaving(this.#over);
    else if (!this.post.ended) this.post.step('save', this.#saved);
    return saved;
  }

  /** Gives the turn up. Returns whether there is one to give up, or it is over already: then the session's end is on its way. */
  leave(): boolean {
    if (!this.hasBegun || this.post.ended) return false;
    if (this.#stage !== 'retiring' && !this.#isLeaving) this.post.step('leave');
    this.#isLeaving = true;
    return true;
  }

  get isStaged(): boolean {
    return this.#stage === 'staged';
  }

  get hasBegun(): boolean {
    return this.#stage === 'starting' || this.#stage === 'live' || this.#stage === 'retiring';
  }

  /** Whether the session's end is that of the turn, too: its time was over, or it has not begun in time. */
  isOver(reason: DynobotError | undefined): boolean {
    return this.#isLeaving || this.#stage === 'retiring' || (this.#stage !== 'live' && reason?.kind === 'timeout');
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
    this.#over = disconnected(`the session with ${this.post.label} has ended`, reason);
    this.#held = [];
    this.#started?.reject(this.#over);
    this.#started = undefined;
    this.#failSaving(this.#over);
  }

  #failSaving(error: DynobotError): void {
    for (const { reject } of this.#saving.splice(0)) reject(error);
  }

  async #check(check: () => unknown, timeout: number): Promise<void> {
    try {
      if (await this.#inTime(check, timeout) === false) throw new Error('the health check has answered false');
    } catch (cause) {
      this.#stage = 'staged';
      if (!this.post.ended) this.#tellError((error) => this.post.step('failed', error), cause);
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

  #mustBe(stage: Stage, problem: string): void {
    if (this.post.ended) throw disconnected(`${this.post.label} is not connected any more`);
    if (this.#stage !== stage) throw new DynobotError('ERR_DYNOBOT_ROLE', problem);
  }

  // What the host tells

  event(number: number, run: () => Outcome): void {
    if (this.#stage === 'starting' || this.#stage === 'live' || this.#stage === 'retiring') this.#inOrder(() => this.#handling.take(number, run));
    else throw protocolError('an event of a role came before the turn');
  }

  handled(): void {
    throw protocolError('a host says what it has handled');
  }

  step(step: RoleStep, value: unknown): void {
    switch (step) {
      case 'turn': return this.#start(value);
      case 'gap': return this.#inOrder(() => this.owner.missed(value as Gap));
      case 'hand': return this.#inOrder(() => void this.#handOver(Number(value)));
      case 'saved': return this.#kept(value);
      case 'retire': return this.#inOrder(() => this.#retire(Number(value)));
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
    this.#stage = 'live';
    for (let next = this.#held.shift(); next !== undefined; next = this.#held.shift()) next();
  }

  /** After the events before it, which may be held. */
  #inOrder(step: () => void): void {
    if (this.#stage === 'starting') this.#held.push(step);
    else step();
  }

  async #handOver(asked: number): Promise<void> {
    this.#isHanding = true;
    try {
      const state = encodeState(await this.#handover?.(), this.codec);
      if (!this.post.ended) this.post.step('state', [asked, state]);
    } catch (error) {
      if (this.post.ended) return;
      this.#tellError((what) => this.post.step('stateless', [asked, what]), error);
      this.owner.unhanded(error);
    } finally {
      this.#isHanding = false;
    }
  }

  /** @param kept a number: the role's states would take more bytes than that */
  #kept(kept: unknown): void {
    const saving = this.#saving.shift();
    if (kept === true) saving?.resolve();
    else if (typeof kept === 'number') saving?.reject(new DynobotError('ERR_DYNOBOT_LIMIT', `what is saved in the role would take more than ${kept} bytes (the role's option saved)`));
    else saving?.reject(new DynobotError('ERR_DYNOBOT_ROLE', 'the turn is over: a state that is saved now would be nobody\'s'));
  }

  /** Who has thrown something that cannot cross is told of it in words. */
  #tellError(tell: (error: unknown) => void, error: unknown): void {
    try {
      tell(error);
    } catch {
      tell(new Error(String(error)));
    }
  }

  #retire(deadline: number): void {
    this.#stage = 'retiring';
    if (this.#isHanding) this.owner.unhanded(new DynobotError('ERR_DYNOBOT_TIMEOUT', 'the state did not come in time'));
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
    this.#handling.flush();
    if (this.#isLeaving && this.#handover !== undefined) await this.#leaveState(this.#handover);
    if (!this.post.ended) this.post.step('retired');
  }

  /** All is done, and nobody in particular comes next: the state waits at the host. */
  async #leaveState(handover: () => unknown): Promise<void> {
    try {
      const state = encodeState(await handover(), this.codec);
      if (!this.post.ended) this.post.step('save', state);
    } catch (error) {
      if (!this.post.ended) this.owner.unhanded(error);
    }
  }
}
