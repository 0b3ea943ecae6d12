import { DynobotError, protocolError } from '../errors.js';
import type { Platform } from '../platform.js';
import { throwHere } from '../values/error.js';
import type { CallOptions } from '../proxies/reference.js';

/** How a call failed. It is thrown only where it is waited for, so that the error's stack shows that place. */
export class Thrown {
  constructor(
    readonly error: unknown,
    /** It is an error of this side's own, whose stack says enough. */
    readonly isOurs = false,
  ) {}
}

interface Pending {
  settle(outcome: unknown): void;
  forget(): void;
}

const nothing = (): void => {};

/** Our calls that wait for their answer. Each is answered exactly once, also when it was given up here before. */
export class Calls {
  readonly #pending = new Map<number, Pending>();
  /** Told when no call waits any more. */
  emptied: (() => void) | undefined;
  #lastId = 0;

  constructor(
    private readonly platform: Platform,
    /** Tells the other side that an answer is not wanted any more. */
    private readonly abort: (call: number) => void,
  ) {}

  get size(): number {
    return this.#pending.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  wait(call: number, what: () => string, options: CallOptions | undefined): Promise<unknown> {
    return outcomeOf(new Promise((settle) => {
      const forget = options === undefined ? nothing : this.#guard(call, what, options);
      this.#pending.set(call, { settle, forget });
    }));
  }

  settle(call: number, outcome: unknown): void {
    const pending = this.#pending.get(call);
    if (pending === undefined) throw protocolError(`it answers the call ${call}, which is not open`);
    this.#pending.delete(call);
    pending.forget();
    pending.settle(outcome);
    if (this.#pending.size === 0) this.emptied?.();
  }

  /** The session has ended. Each call gets an error of its own, with the stack of who waits for it. Returns how many there were. */
  failAll(error: () => unknown): number {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { settle, forget } of all) {
      forget();
      settle(new Thrown(error()));
    }
    return all.length;
  }

  /** Gives the call up here; its place is kept until the answer comes. */
  #giveUp(call: number, error: unknown, isOurs = false): void {
    const pending = this.#pending.get(call);
    if (pending === undefined) return;
    pending.forget();
    this.#pending.set(call, { settle: nothing, forget: nothing });
    this.abort(call);
    pending.settle(new Thrown(error, isOurs));
  }

  /** Watches the deadline and the signal of a call. Returns what ends the watch. */
  #guard(call: number, what: () => string, { timeout, signal }: CallOptions): () => void {
    const ends: (() => void)[] = [];
    if (timeout !== undefined && timeout > 0) {
      const late = () => this.#giveUp(call, new DynobotError('ERR_DYNOBOT_TIMEOUT', `${what()} was not answered within ${timeout} ms`));
      ends.push(this.platform.after(timeout, late));
    }
    if (signal !== undefined) {
      const aborted = () => this.#giveUp(call, signal.reason, true);
      if (signal.aborted) queueMicrotask(aborted);
      else signal.addEventListener('abort', aborted, { once: true });
      ends.push(() => signal.removeEventListener('abort', aborted));
    }
    return () => {
      for (const end of ends) end();
    };
  }
}

async function outcomeOf(answer: Promise<unknown>): Promise<unknown> {
  const outcome = await answer;
  if (!(outcome instanceof Thrown)) return outcome;
  // The error was made where the message arrived; what helps its reader is who waits for it.
  if (!outcome.isOurs && outcome.error instanceof Error) throwHere(outcome.error, outcomeOf);
  throw outcome.error;
}
