import { limitError, protocolError } from '../errors.js';
import type { Shape } from '../proxies/shape.js';
import { ByValue } from './by-value.js';
import { handOut, handOutParts, type Ways } from './handing-out.js';
import { Numbered } from './numbered.js';
import type { Way } from './way.js';
import { Holder } from '../values/carrier.js';
import type { Referable } from '../values/references.js';

/** So many more exports make us ask the other side to collect its garbage. */
const BURDEN = 10_000;

/** A value of ours that the other side may refer to. */
export class Export {
  /** Receipts sent and not yet released, and those in messages that are being made: the value stays while there are any. */
  held = 0;
  /** How a message ends of which it is the receiver, once there was one. */
  declare closing?: string;
  /** Members, if it has been described to the other side. */
  shape: Shape | undefined = undefined;
  /** A function that this process has attached to something of the other side's. */
  listens = false;
  /** Where it was handed out, if that is restricted. */
  declare way?: Way;
  /** Its service has been withdrawn. */
  withdrawn = false;
  /** The plain object in which a function was found: what its `this` is when the copy of that object calls it. Null: several. */
  #container: object | null | undefined = undefined;

  constructor(
    readonly id: number,
    readonly value: Referable,
  ) {}

  /** The original of the object that the function was copied in; undefined if there is none, or more than one. */
  get container(): object | undefined {
    return this.#container ?? undefined;
  }

  foundIn(container: object): void {
    if (this.#container !== container) this.#container = this.#container === undefined ? container : null;
  }
}

/**
 * What the other side holds of ours. A value stays in the table while receipts of it are out, and has one id while it
 * stays; ids are never used again.
 */
export class Exports {
  /** Where what is exported now is handed out, and where single values of it are. */
  #way: Way | undefined;
  #ways: Ways = new Map();
  readonly #byId = new Numbered<Export>();
  readonly #byValue = new ByValue();
  /** The latest that was looked for: the `this` of an emitter's events. */
  #found: Export | undefined;
  #lastId = 0;
  /** The size at which the other side is asked to collect. */
  #askAt = BURDEN;

  constructor(
    private readonly most: number,
    private readonly ask: () => void,
    private readonly failed: (where: string, error: unknown) => void,
    /** What a value of ours held, perhaps a proxy, may be garbage here now. */
    private readonly loosened: () => void,
    /** A function that we have attached over there is not held there any more. */
    private readonly unlistened: (fn: Referable) => void,
  ) {}

  /** What is exported by `send` for the first time is restricted as `way` says. Who holds a value already has it as it is. */
  along(way: Way | undefined, send: () => void, ways: Ways = new Map()): void {
    if (way === undefined) return send();
    const [outer, outerWays] = [this.#way, this.#ways];
    this.#way = way.ofValues();
    this.#ways = ways;
    try {
      send();
    } finally {
      this.#way = outer;
      this.#ways = outerWays;
    }
  }

  /** The same for what may hold what is denied: `send` gets it without that. */
  handOut<T>(way: Way | undefined, given: T, send: (value: T) => void): void {
    if (way === undefined) return send(given);
    const ways: Ways = new Map();
    const value = handOut(way, given, ways);
    this.along(way, () => send(value), ways);
  }

  /** What a value of a kind of its own is made of, without what is denied in it. */
  partsOf(value: object, parts: unknown, part: 'head' | 'body'): unknown {
    if (this.#way === undefined) return parts;
    const way = this.#ways.get(value) ?? this.#way;
    return part === 'head' ? handOutParts(way, parts, this.#ways) : handOut(way, parts, this.#ways);
  }

  get size(): number {
    return this.#byId.size;
  }

  has(value: Referable): boolean {
    return this.#byValue.get(value) !== undefined;
  }

  /** The export of a value, made if need be. It must be counted, or given up if nothing was sent after all. */
  of(value: Referable): Export {
    let entry = this.#byValue.get(value);
    if (entry !== undefined) return entry;
    if (this.#byId.size >= this.most) throw limitError('REFERENCES', `no more than ${this.most} references (limits.references)`);
    entry = new Export(++this.#lastId, value);
    if (this.#way !== undefined) entry.way = this.#ways.get(value) ?? this.#way;
    this.#byId.set(entry.id, entry);
    this.#byValue.add(entry);
    if (typeof value === 'object') Holder.hold(value);
    if (this.#byId.size >= this.#askAt) {
      this.#askAt = this.#byId.size + BURDEN;
      this.ask();
    }
    return entry;
  }

  get(id: number): Export {
    const entry = this.#byId.get(id);
    if (entry === undefined) throw protocolError(`it refers to ${id}, which is not exported`);
    return entry;
  }

  find(value: Referable): Export | undefined {
    if (this.#found?.value !== value) this.#found = this.#byValue.get(value);
    return this.#found;
  }

  /** A message that mentions it was not sent after all. */
  giveUp(entry: Export): void {
    if (--entry.held === 0) this.#drop(entry);
  }

  /** The other side gives back `count` receipts. Others may be on their way to it: then the value stays. */
  release(id: number, count: number): void {
    const entry = this.get(id);
    if (count > entry.held) throw protocolError(`it releases ${count} receipts of ${id}, but has ${entry.held}`);
    entry.held -= count;
    if (entry.held === 0) this.#drop(entry);
  }

  /** The session has ended. Returns how many values were held. */
  clear(): number {
    const all = [...this.#byId.values()];
    for (const entry of all) this.#drop(entry);
    return all.length;
  }

  #drop(entry: Export): void {
    const { id, value, listens } = entry;
    if (!this.#byId.delete(id)) return;
    if (this.#byId.size < this.#askAt - 2 * BURDEN) this.#askAt = this.#byId.size + BURDEN;
    this.#byValue.delete(entry);
    this.#found = undefined;
    this.loosened();
    if (listens) this.unlistened(value);
    if (typeof value !== 'object') return;
    try {
      Holder.drop(value);
    } catch (error) {
      this.failed('ending what a session held', error);
    }
  }
}
