import { Item, Source, Target } from './objects.js';
import { Roster } from '../model/roster.js';
import type { End } from '../network/end.js';
import { used } from './arrivals.js';
import { Found } from './found.js';
import type { Program } from './program.js';

export type Value = object | symbol;

export type ThingKind = 'function' | 'item' | 'emitter' | 'target' | 'symbol';

/** A value of a program's own that others get references to. The token says which it is, wherever it comes to. */
export interface Thing {
  readonly kind: ThingKind;
  readonly token: number;
  readonly home: Program;
  readonly name: string;
  readonly value: Value;
  /** Who should be attached to an emitter or an event target. */
  readonly listeners: Roster | undefined;
  /** The last value that was assigned to an item's property. */
  level: number;
  /** Its own program has attached it to something of another's. */
  listens: boolean;
  /** The program needs it no more; others may. */
  dropped: boolean;
  /** In which objects a function was sent over a session. */
  found(end: End): Found;
}

export function makeThing(kind: ThingKind, token: number, home: Program): Thing {
  const founds = new Map<End, Found>();
  const thing: { -readonly [K in keyof Thing]: Thing[K] } = {
    kind, token, home, name: `${kind[0]}${token}`, value: Symbol.iterator, listeners: kind === 'emitter' || kind === 'target' ? new Roster() : undefined,
    level: 0, listens: false, dropped: false, found: (end) => foundOver(founds, end),
  };
  thing.value = makers[kind](thing);
  return thing;
}

function foundOver(founds: Map<End, Found>, end: End): Found {
  let found = founds.get(end);
  if (found === undefined) founds.set(end, (found = new Found()));
  return found;
}

const makers: Record<ThingKind, (thing: Thing) => Value> = {
  function: (thing) => ({
    [thing.name](this: unknown, ...args: unknown[]) {
      return used(thing, this, args);
    },
  })[thing.name]!,
  item: (thing) => new Item(thing),
  emitter: (thing) => new Source(thing),
  target: (thing) => new Target(thing),
  symbol: (thing) => Symbol(thing.name),
};
