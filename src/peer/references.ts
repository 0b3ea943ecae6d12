import { DynobotError } from '../errors.js';
import type { Limits } from '../limits.js';
import { originalOf } from '../listeners/attachment.js';
import { functionProxy } from '../proxies/function.js';
import { isReachableName } from '../proxies/names.js';
import { referenceOf, stampSymbol, type Reference, type Session } from '../proxies/reference.js';
import type { Shapes } from '../proxies/shape.js';
import type { NoteKeeper, Referable, ReferenceReceiver, ReferenceSender } from '../values/references.js';
import { ESCAPE, TAG, type Packed } from '../wire.js';
import type { Export, Exports } from './exports.js';
import type { Imports } from './imports.js';
import { isAllowed, isGuarded } from './policy.js';
import { sourceOf } from './handing-out.js';
import type { Mirrors, SentShapes } from './shapes.js';
import { ShortFunctions } from './short-functions.js';

interface Tables {
  readonly exports: Exports;
  readonly imports: Imports;
  readonly sentShapes: SentShapes;
  readonly mirrors: Mirrors;
}

/** What a message comes to mean once it is sent, and not before. */
interface Draft {
  /** Exports that it mentions: its receipts. */
  readonly receipts: Export[];
  /** Functions in it, with the plain object that each was found in. */
  found: { entry: Export; container: object }[] | undefined;
  /** Who is told of what if it is not sent. */
  notes: { mentioned: object; keeper: NoteKeeper }[] | undefined;
}

function newDraft(): Draft {
  return { receipts: [], found: undefined, notes: undefined };
}

/** Turns values that cross by reference into escapes, and escapes into proxies and originals, for one session. */
export class References implements ReferenceSender, ReferenceReceiver {
  /** Of the message that is being packed. */
  #draft: Draft | undefined;
  readonly short: ShortFunctions;

  /** Objects of ours that the other side has subclassed, by the number that it gave its own part. */
  #extensions: WeakMap<object, number> | undefined;
  /** How many stand-ins are being made: what they do their work by is awaited, also by a client that blocks. */
  #standIns = 0;

  constructor(
    private readonly session: Session,
    /** The session as proxies have it: the same, or one whose calls wait. */
    private readonly proxies: Session,
    private readonly tables: Tables,
    private readonly shapes: Shapes,
    private readonly limits: Limits,
  ) {
    this.short = new ShortFunctions(tables.exports, shapes);
  }

  /** Begins a message. Returns what it interrupts: packing may run code of the user's (getters), and so send another one. */
  begin(): Draft | undefined {
    const outer = this.#draft;
    this.#draft = undefined;
    return outer;
  }

  /** The message is sent: what it says stays. Returns what it mentions. */
  commit(): readonly Export[] {
    if (this.#draft === undefined) return NONE;
    const { receipts, found } = this.#draft;
    if (found !== undefined) for (const { entry, container } of found) entry.foundIn(container);
    this.#draft = undefined;
    return receipts;
  }

  /** A message that mentions these was dropped after all. */
  takeBack(receipts: readonly Export[]): void {
    for (const { id } of receipts) this.tables.exports.release(id, 1);
  }

  note(mentioned: object, keeper: NoteKeeper): void {
    const draft = (this.#draft ??= newDraft());
    (draft.notes ??= []).push({ mentioned, keeper });
  }

  hasNoted(mentioned: object): boolean {
    const notes = this.#draft?.notes;
    if (notes !== undefined) for (const note of notes) if (note.mentioned === mentioned) return true;
    return false;
  }

  /** Ends the message, and goes on with what it interrupted. Without a commit nothing of it was exported. */
  end(outer: Draft | undefined): void {
    const unsent = this.#draft;
    this.#draft = outer;
    if (unsent === undefined) return;
    if (unsent.notes !== undefined) for (const { mentioned, keeper } of unsent.notes) keeper.unsent(mentioned);
    for (const entry of unsent.receipts) this.tables.exports.giveUp(entry);
  }

  #mention(value: Referable, container?: object): Export {
    const entry = this.tables.exports.of(value);
    // Counted at once: a message that interrupts this one, or what comes meanwhile, does not drop it.
    entry.held++;
    const draft = (this.#draft ??= newDraft());
    draft.receipts.push(entry);
    if (container !== undefined) (draft.found ??= []).push({ entry, container: sourceOf(container) });
    return entry;
  }

  get most(): number {
    return this.limits.references;
  }

  refers(value: object): boolean {
    return referenceOf(value) !== undefined || this.tables.exports.has(value);
  }

  send(value: Referable, container?: object): Packed {
    const own = referenceOf(value);
    if (own !== undefined && this.#isOurs(own)) return home(own);
    if (own?.session.ended === true) mustNotBeStale(own);
    const original = this.#attachedHere(value);
    if (original !== undefined) return home(original);
    const entry = this.#mention(value, typeof value === 'function' ? container : undefined);
    if (typeof value === 'symbol') return [ESCAPE, TAG.symbol, entry.id, ...(value.description === undefined ? [] : [value.description])];
    if (typeof value === 'function') return this.#sendFunction(entry, value);
    entry.shape ??= this.shapes.of(value);
    const escape: Packed[] = [ESCAPE, TAG.instance, entry.id, this.tables.sentShapes.id(entry.shape!), this.#snapshot(entry, value)];
    const extension = this.#extensionOf(value);
    if (extension !== undefined) escape.push(extension);
    return escape;
  }

  partsOf(value: object, parts: unknown, part: 'head' | 'body'): unknown {
    return this.tables.exports.partsOf(value, parts, part);
  }

  /** What the other side has attached, if `value` is what is attached in its stead. */
  #attachedHere(value: Referable): Reference | undefined {
    const original = originalOf(value);
    const reference = original && referenceOf(original);
    return reference !== undefined && this.#isOurs(reference) && !reference.released ? reference : undefined;
  }

  #isOurs({ session }: Reference): boolean {
    return session === this.session || session === this.proxies;
  }

  #extensionOf(value: object): number | undefined {
    return this.#extensions?.get(value) ?? this.#extensions?.get(Object.getPrototypeOf(value) as object);
  }

  /** An object of ours (or the prototype of one to come) is what an object of the other side's extends. */
  extended(value: object, token: unknown): void {
    if (typeof token === 'number') (this.#extensions ??= new WeakMap()).set(value, token);
  }

  /** What an object of ours is to the other side's object that extends it: the class's prototype, or the object below. */
  baseOf(value: object): object | undefined {
    if (this.#extensions === undefined || typeof value !== 'object') return undefined;
    const prototype = Object.getPrototypeOf(value) as object | null;
    return prototype !== null && this.#extensions.has(prototype) ? (Object.getPrototypeOf(prototype) as object) : undefined;
  }

  /** Makes a stand-in: what it refers to is for its own use, not for the user's. */
  standIn<T>(make: () => T): T {
    this.#standIns++;
    try {
      return make();
    } finally {
      this.#standIns--;
    }
  }

  sendReceiver(value: object): string {
    const own = referenceOf(value);
    if ((own !== undefined && this.#isOurs(own)) || typeof value === 'function' || this.#extensionOf(value) !== undefined) return JSON.stringify(this.send(value));
    const entry = this.#mention(value);
    entry.shape ??= this.shapes.of(value);
    return this.#receiverText(entry);
  }

  /** How a message ends that will be sent, and whose receiver this is; undefined if the other side does not know it. */
  closing(receiver: unknown): string | undefined {
    if (receiver === undefined) return ']';
    const entry = typeof receiver === 'object' && receiver !== null ? this.tables.exports.find(receiver) : undefined;
    if (entry?.shape === undefined) return undefined;
    entry.held++;
    return (entry.closing ??= `,${this.#receiverText(entry)}]`);
  }

  #receiverText(entry: Export): string {
    return `${entry.id},${this.tables.sentShapes.id(entry.shape!)}`;
  }

  #sendFunction(entry: Export, fn: object): Packed {
    const { name, length } = fn as { name: unknown; length: unknown };
    const escape: Packed[] = [ESCAPE, TAG.function, entry.id, typeof length === 'number' && length >= 0 ? Math.min(length, 0xffff) : 0, typeof name === 'string' ? name : ''];
    entry.shape ??= this.shapes.of(fn);
    const instances = this.shapes.ofInstances(fn);
    const { sentShapes } = this.tables;
    if (entry.shape !== undefined || instances !== undefined) escape.push(entry.shape ? sentShapes.id(entry.shape) : 0, instances ? sentShapes.id(instances) : 0);
    return escape;
  }

  /** The primitive properties of the moment; accessors are not asked. A proxy passes on what it has. Of what is guarded, each is asked for. */
  #snapshot(entry: Export, value: object): Packed {
    const snapshot: Record<string, Packed> = {};
    if (isGuarded(entry)) return snapshot;
    let room = this.limits.snapshotProperties;
    const relayed = referenceOf(value);
    const from = relayed === undefined ? value : (relayed.snapshot ?? {});
    for (const name of Object.keys(from)) {
      if (room === 0) break;
      const property = isReachableName(name) && isAllowed(entry, name) ? Object.getOwnPropertyDescriptor(from, name) : undefined;
      const packed = property === undefined ? undefined : this.#primitive(property.value);
      if (packed === undefined) continue;
      snapshot[name] = packed;
      room--;
    }
    return snapshot;
  }

  #primitive(value: unknown): Packed | undefined {
    if (typeof value === 'string') return value.length <= this.limits.snapshotString ? value : undefined;
    if (typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : [ESCAPE, TAG.number, Object.is(value, -0) ? '-0' : String(value)];
    return typeof value === 'bigint' ? [ESCAPE, TAG.bigint, String(value)] : undefined;
  }

  function(id: number, length: number, name: string, members: number, instances: number): object {
    const { imports, mirrors } = this.tables;
    const mirror = members === 0 ? undefined : mirrors.get(members);
    const of = instances === 0 ? undefined : mirrors.get(instances);
    const known = imports.receiveAgain(id) as object | undefined;
    if (known !== undefined) return known;
    const reference = imports.receive(id, mirror, this.#using);
    return imports.hold(reference, functionProxy(reference, name, length, of));
  }

  instance(id: number, shape: number, snapshot: Record<string, unknown> | undefined, extension?: number): object {
    this.tables.mirrors.get(shape);
    const proxy = this.receiver(id, shape, extension);
    if (snapshot !== undefined) {
      const reference = referenceOf(proxy)!;
      reference.snapshot = snapshot;
      this.proxies.mirrored?.(reference, snapshot);
    }
    return proxy;
  }

  get #using(): Session {
    return this.#standIns > 0 ? this.session : this.proxies;
  }

  receiver(id: number, shape: number, extension?: number): object {
    const { imports, mirrors } = this.tables;
    const known = imports.receiveAgain(id) as object | undefined;
    if (known !== undefined) return known;
    const mirror = mirrors.get(shape);
    const reference = imports.receive(id, mirror, this.#using);
    const extending = extension === undefined ? undefined : this.proxies.extension?.(extension, reference);
    return imports.hold(reference, extending ?? mirror.instance(reference));
  }

  symbol(id: number, description: string | undefined): symbol {
    const { imports } = this.tables;
    const known = imports.receiveAgain(id) as symbol | undefined;
    if (known !== undefined) return known;
    const reference = imports.receive(id, undefined, this.proxies);
    return imports.hold(reference, symbolProxy(reference, description));
  }

  home(id: number): Referable {
    return this.tables.exports.get(id).value;
  }
}

const NONE: readonly Export[] = [];

function symbolProxy(reference: Reference, description: string | undefined): symbol {
  const proxy = Symbol(description);
  stampSymbol(proxy, reference);
  return proxy;
}

/** What is of a session that another has succeeded would do no good over there. */
function mustNotBeStale(reference: Reference): void {
  const error = reference.session.unusable(reference);
  if (error?.code === 'ERR_DYNOBOT_STALE') throw error;
}

function home(reference: Reference): Packed {
  if (reference.released) throw new DynobotError('ERR_DYNOBOT_RELEASED', 'the reference was released');
  return [ESCAPE, TAG.home, reference.id];
}
