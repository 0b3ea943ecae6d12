import type { DynobotError } from '../errors.js';
import type { Operation } from '../wire.js';
import type { Attached } from './attached.js';
import type { Answer } from './listening-styles.js';
import type { Mirror } from './mirror.js';
import { Returned } from './returned.js';

/** What can be asked for one call, or for all calls through one proxy. */
export interface CallOptions {
  /** Milliseconds until the call fails with ERR_DYNOBOT_TIMEOUT. 0: no deadline. */
  timeout?: number;
  /** Makes the call fail with the signal's reason when it aborts. */
  signal?: AbortSignal;
}

/** What Node's inspector asks for. */
export interface InspectOptions {
  /** Levels of nesting that are shown below the object; null: all. Negative: its name only. */
  depth: number | null;
  /** Elements that are shown of an array, a Map or a Set; null: all. */
  maxArrayLength?: number | null;
}

/** What sessions have in common that follow each other, as one connection finds its host again and again. */
export interface Succession {
  /** Whether the last session is open, the next one is being waited for, or there will be none. */
  state: 'open' | 'awaited' | 'over';
  /** What is attached to services, in all sessions. */
  readonly attached: Attached;
}

/** What a stand-in needs of the session that it belongs to. */
export interface Session {
  /** Who is on the other side, for people. */
  readonly label: string;
  readonly ended: boolean;
  /** If there can be another session after this one. */
  readonly succession: Succession | undefined;
  /** Why the reference cannot be used any more; undefined if it can. */
  unusable(reference: Reference): DynobotError | undefined;
  /** The promise of the result; the result itself, if the client blocks. */
  call(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown, options?: CallOptions): unknown;
  /** A call without an answer: a failure is told on the session's error channel. */
  cast(to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver?: unknown): unknown;
  /** Sends an event to a listener, and resolves when the turn in which it was handled is over. */
  notify(to: Reference, args: unknown[], receiver: unknown): Promise<unknown>;
  /** Reads a property. */
  read(to: Reference, name: string, options: CallOptions | undefined): unknown;
  /** Assigns a property. `proxy` is what it was assigned to. */
  assign(to: Reference, name: string, value: unknown, proxy: object): void;
  /** Calls a method of `proxy` that attaches or detaches listeners, which answers locally as `answer` says. */
  listening(to: Reference, name: string, answer: Answer, args: unknown[], proxy: object, isDeclared: boolean): unknown;
  /** Functions among `args`, which were just sent, are listeners now: what they throw is this process's own affair. */
  listens(args: readonly unknown[]): void;
  /** Calls a function whose caller may not be looking at the outcome. */
  callback(to: Reference, args: unknown[], receiver: unknown): unknown;
  /** Something that nobody waits for failed: tells it on the session's error channel. */
  refused(where: string, error: unknown): void;
  /** The other side has broken what was agreed: the session ends. */
  broken(error: DynobotError): void;
  release(reference: Reference): void;
  /** What the user is to hold of a proxy that is not plain enough: a client that blocks meets all operations of the language. */
  dress?(bare: object, hold: Reference | View): object;
  /** `new` of a hosted class, or of a subclass of it that is here. */
  construct?(to: Reference, args: unknown[], newTarget: object): unknown;
  /** An object of a subclass of a hosted class, at its first use. Undefined if it is none. */
  embody?(object: object): Reference | undefined;
  /** What an inspector is to show: a copy that looks like the object. */
  inspected?(proxy: object, options: InspectOptions): object | undefined;
  /** A reference has arrived with the properties of this moment. */
  mirrored?(reference: Reference, snapshot: Record<string, unknown>): void;
  /** The object of ours that a reference was made for: one of a subclass of a hosted class. */
  extension?(token: number, reference: Reference): object | undefined;
}

interface ProxyHold {
  deref(of: Reference): object | symbol | undefined;
}

/**
 * The importing half of a reference: what a proxy knows of the value that it stands for. The proxy holds it strongly; it
 * holds the proxy weakly.
 */
export class Reference {
  /** How often the other side has sent it since this proxy was made: what a release gives back. None: it was released. */
  receipts = 1;
  proxy: ProxyHold | undefined = undefined;
  /** The class that mirrors the remote one; functions without members have none. */
  declare mirror: Mirror | undefined;
  /** The primitive properties of the object when it last arrived. */
  declare snapshot: Record<string, unknown> | undefined;
  /** How an event for it begins, once there was one: most callbacks never hear of any. */
  declare eventHead?: string;

  constructor(
    public session: Session,
    public id: number,
  ) {}

  get released(): boolean {
    return this.receipts === 0;
  }

  /** What people call it: a service's name. */
  get called(): string | undefined {
    return names.get(this);
  }

  set called(name: string) {
    names.set(this, name);
  }

  /** What it is, for people: the name of its service, or of its class. */
  get label(): string {
    return this.called ?? this.mirror?.shape.name ?? 'a function';
  }

  /** The proxy is kept by somebody, until it is let go. */
  keep(): void {
    const proxy = this.proxy?.deref(this);
    if (proxy !== undefined && !(this.proxy instanceof Kept)) this.proxy = new Kept(proxy, this.proxy!);
  }

  letGo(): void {
    if (this.proxy instanceof Kept) this.proxy = this.proxy.weak;
  }

  /** The proxy is held in another way from now on. */
  heldBy(hold: ProxyHold): void {
    if (this.proxy instanceof Kept) this.proxy.weak = hold;
    else this.proxy = hold;
  }

  /** Becomes what another reference is, in another session. That one is nobody's any more. */
  succeed(other: Reference): void {
    const { session, id, receipts, mirror, snapshot } = other;
    Object.assign(this, { session, id, receipts }, mirror === undefined ? {} : { mirror, snapshot });
    other.receipts = 0;
  }
}

/** Holds a proxy that somebody keeps anyway: to ask a WeakRef would make V8 note that it was asked, for each event of a service. */
class Kept {
  constructor(
    private readonly proxy: object | symbol,
    public weak: ProxyHold,
  ) {}

  deref(): object | symbol {
    return this.proxy;
  }
}

/** Few references have a name, and callbacks are many: it is not a field. */
const names = new WeakMap<Reference, string>();

/** A reference with a mirrored class. The most numerous ones, functions, do without these fields. */
export class MirroredReference extends Reference {
  override snapshot: Record<string, unknown> | undefined = undefined;

  constructor(session: Session, id: number, override mirror: Mirror | undefined) {
    super(session, id);
  }
}

/** A proxy's hold on its reference: the reference itself, or a view of it with options for its calls. */
export class View {
  constructor(
    readonly reference: Reference,
    readonly options: CallOptions,
    /** Held, so that the reference is not given back while only a view of its proxy is in use. */
    readonly proxy: object,
  ) {}
}

class Stamp extends Returned {
  #hold: Reference | View;

  constructor(proxy: object, hold: Reference | View) {
    super(proxy);
    this.#hold = hold;
  }

  static of(value: object): Reference | View | undefined {
    return #hold in value ? value.#hold : undefined;
  }
}

/** A symbol cannot carry a stamp. */
const symbols = new WeakMap<WeakKey, Reference>();

export function stamp(proxy: object, hold: Reference | View): void {
  new Stamp(proxy, hold);
}

export function stampSymbol(proxy: symbol, reference: Reference): void {
  symbols.set(proxy as unknown as WeakKey, reference);
}

export function referenceOf(value: object | symbol): Reference | undefined {
  if (typeof value === 'symbol') return symbols.get(value as unknown as WeakKey);
  const hold = Stamp.of(value);
  return hold instanceof View ? hold.reference : hold;
}

export function optionsOf(proxy: object): CallOptions | undefined {
  const hold = Stamp.of(proxy);
  return hold instanceof View ? hold.options : undefined;
}

/** @throws TypeError, as for a method of a built-in class that was taken off its object */
export function mustBeProxy(value: unknown, member: string): Reference {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const reference = isObject ? referenceOf(value) : undefined;
  if (reference === undefined) throw new TypeError(`Illegal invocation: ${member} belongs to an object of another process`);
  return reference;
}
