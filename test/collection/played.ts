import { setImmediate as turn } from 'node:timers/promises';
import { LIMITS } from '../../src/limits.js';
import type { PeerOwner } from '../../src/peer/owner.js';
import { Peer } from '../../src/peer/peer.js';
import type { Collector, Platform, Weak, WeakHold } from '../../src/platform.js';
import { Shapes } from '../../src/proxies/shape.js';
import { memoryPair } from '../../src/transports/memory.js';
import type { Frame, Transport, TransportReceiver } from '../../src/transports/transport.js';
import { builtInKinds } from '../../src/values/built-in.js';
import { Kinds } from '../../src/values/kinds.js';

const noBases = { named: () => undefined, nameOf: () => undefined };

/** A garbage collector driven by hand: a value is first unreachable, and only later told of. */
export class PlayedWeak implements Weak {
  readonly #dead = new Set<object | symbol>();
  #finalizers = new Map<object | symbol, (() => void)[]>();

  hold<T extends object | symbol>(value: T): WeakHold<T> {
    return { deref: () => (this.#dead.has(value) ? undefined : value) };
  }

  watch<Note extends object>(collected: (note: Note) => void) {
    let ended = false;
    const add = <T extends object | symbol>(value: T, note: Note): WeakHold<T> => {
      const tell = (): void => {
        if (!ended) collected(note);
      };
      this.#finalizers.set(value, [...(this.#finalizers.get(value) ?? []), tell]);
      return this.hold(value);
    };
    return { add, end: () => void (ended = true) };
  }

  /** Nobody reaches the value any more; its finalizers are due. */
  die(value: unknown): void {
    this.#dead.add(value as object);
  }

  finalize(): void {
    for (const value of this.#dead) {
      for (const tell of this.#finalizers.get(value) ?? []) tell();
      this.#finalizers.delete(value);
    }
  }

  collect(value: unknown): void {
    this.die(value);
    this.finalize();
  }
}

/** Holds frames back until it is opened. */
export class Gate implements Transport {
  readonly name: string;
  readonly sent: string[] = [];
  #held: Frame[] | undefined;

  constructor(private readonly inner: Transport) {
    this.name = inner.name;
  }

  get buffered(): number {
    return this.inner.buffered;
  }

  open(receiver: TransportReceiver): void {
    this.inner.open(receiver);
  }

  send(frame: Frame): void {
    this.sent.push(String(frame));
    if (this.#held === undefined) this.inner.send(frame);
    else this.#held.push(frame);
  }

  shut(): void {
    this.#held = [];
  }

  reopen(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const frame of held) this.inner.send(frame);
  }

  close(): void {
    this.inner.close();
  }

  destroy(error?: Error): void {
    this.inner.destroy(error);
  }

  ref(): void {}

  unref(): void {}
}

/** One end of a played session. */
export class End implements PeerOwner {
  readonly weak = new PlayedWeak();
  readonly gate: Gate;
  readonly peer: Peer;
  readonly services = new Map<string, object | undefined>();
  readonly failures: unknown[] = [];
  reason: unknown;
  asked = 0;

  constructor(transport: Transport, label: string) {
    this.gate = new Gate(transport);
    const collector: Collector = { grown() {}, shrunk() {}, loosened() {}, asked: () => void this.asked++ };
    const platform: Platform = {
      weak: this.weak, collector, bases: noBases, kinds: [],
      maxListeners: { get: () => undefined, set() {} },
      defer: queueMicrotask,
      after: () => () => {},
      now: () => 0,
      uncaught: (error) => void this.failures.push(error),
      warn() {},
    };
    this.peer = new Peer(this.gate, this, { platform, limits: { ...LIMITS, heartbeat: 0 }, slowReader: 'disconnect', kinds: new Kinds(builtInKinds, [], []), shapes: new Shapes(noBases), timeout: 0, label, mayIgnoreAnswers: label === 'client' });
  }

  greeted(): void {}

  service(name: string, proxy: object | undefined): void {
    this.services.set(name, proxy);
  }

  failed(error: unknown): void {
    this.failures.push(error);
  }

  ended(reason: unknown): void {
    this.reason = reason;
  }

  /** The messages of one kind that it has sent. */
  messages(verb: number): number[][] {
    return this.gate.sent.flatMap((text) => JSON.parse(text) as number[][]).filter((message) => message[0] === verb);
  }
}

/** Two ends in one process, one of which has a service. */
export async function played(service: object): Promise<[host: End, client: End]> {
  const [left, right] = memoryPair();
  const host = new End(left, 'client');
  const client = new End(right, 'host');
  host.peer.open({ name: 'host', pid: 1, services: 1 }, [['service', service]]);
  client.peer.open({ name: 'client', pid: 2, services: 0 }, []);
  await quiet();
  return [host, client];
}

/** Everything that was sent has arrived, and what it led to has been done. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn();
}
