import { DynobotError } from '../errors.js';
import { tagOfOtherRealm } from './realm.js';
import type { AnyKind, Kind } from './kind.js';
import type { KindOfRows } from './rows.js';

/** The kinds of one session: those of dynobot, those of the platform, those of the user. Later ones are asked first. */
export class Kinds {
  readonly #byTag = new Map<string, Kind>();
  readonly #asked: Kind[] = [];
  readonly #ofRows: Kind[] = [];

  constructor(...groups: (readonly AnyKind[])[]) {
    for (const kind of groups.flat()) this.#add(kind as unknown as Kind);
  }

  #add(kind: Kind): void {
    if (typeof kind.tag !== 'string' || kind.tag.length < 2) {
      throw new DynobotError('ERR_DYNOBOT_ARGUMENT', 'the tag of a kind must be a string of two characters or more');
    }
    if (this.#byTag.has(kind.tag)) throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `there are two kinds with the tag ${kind.tag}`);
    this.#byTag.set(kind.tag, kind);
    this.#asked.unshift(kind);
    if (isOfRows(kind)) this.#ofRows.unshift(kind);
  }

  /** The same kinds, but for these. */
  with(others: readonly AnyKind[]): Kinds {
    const byTag = new Map(others.map((kind) => [kind.tag, kind]));
    return new Kinds([...this.#asked].reverse().map((kind) => byTag.get(kind.tag) ?? kind));
  }

  of(value: object): Kind | undefined {
    for (const kind of this.#asked) if (kind.is(value)) return kind;
    const tag = tagOfOtherRealm(value);
    return tag === undefined ? undefined : this.#byTag.get(tag);
  }

  /** An event was dropped. Whoever its arguments came from may have something to do about it. @throws what a kind throws */
  dropped(args: readonly unknown[], session?: object, isUncrossable = false): void {
    for (const arg of args) if (typeof arg === 'object' && arg !== null) this.of(arg)?.dropped?.(arg, session, isUncrossable);
  }

  /** Whether an event with these arguments may be given to one process, and, if that dies, to another. */
  areGivenAgain(args: readonly unknown[]): boolean {
    return !args.some((arg) => typeof arg === 'object' && arg !== null && this.of(arg)?.isGivenOnce === true);
  }

  tagged(tag: string): Kind | undefined {
    return this.#byTag.get(tag);
  }

  /** The kind of a value, if its head may be Rows. */
  ofRows(value: object): Kind | undefined {
    for (const kind of this.#ofRows) if (kind.is(value)) return kind;
    return undefined;
  }
}

/** Whether its heads may be Rows. */
export function isOfRows(kind: Kind): boolean {
  return (kind as Partial<KindOfRows<object>>).isOfRows === true;
}
