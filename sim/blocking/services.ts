import { EventEmitter } from 'node:events';
import { byReference } from '../../src/values/marks.js';
import type { Cell } from './heap.js';
import type { Host, World } from './world.js';

export type Fn = (...args: unknown[]) => unknown;

/** What crosses by reference, and is collected. */
export class Thing {
  uses = 0;
  constructor(readonly token: number) {}
  use(): number {
    return ++this.uses;
  }
}

class Teller extends EventEmitter {
  tell(from: string, n: number): number {
    this.emit('told', from, n);
    return n;
  }
}

export interface Hosted {
  emitter: EventEmitter & { tell(from: string, n: number): number };
  meeting: { keep(name: string, fn: Fn): void; ask(name: string, depth: number): unknown; each(fns: Fn[]): void };
  things: { make(): Thing; again(token: number): Thing; is(thing: Thing, token: number): boolean };
}

/** Numbers by which the wire tells functions and things apart. */
export class Tokens {
  #last = 0;
  /** Functions that clients have attached, or are about to. */
  readonly attached = new Set<number>();
  readonly kept = new Set<number>();

  next(): number {
    return ++this.#last;
  }

  /** A function whose name says which it is. */
  name(fn: Fn): { fn: Fn; token: number } {
    const token = this.next();
    return { fn: Object.defineProperty(fn, 'name', { value: `f${token}` }), token };
  }
}

/** The host of a run, with what its clients share. */
export function makeHost(world: World, tokens: Tokens): Host {
  const friends = new Map<string, Fn>();
  const all = new Map<number, Thing>();
  const emitter = new Teller().setMaxListeners(0);
  const services: Record<string, object> = {
    emitter,
    meeting: byReference({
      keep: (name: string, fn: Fn) => void friends.set(name, fn),
      ask: (name: string, depth: number) => friends.get(name)!(depth),
      each: (fns: Fn[]) => fns.forEach((fn) => fn()),
    }),
    things: byReference({
      make: () => {
        const thing = new Thing(tokens.next());
        all.set(thing.token, thing);
        return thing;
      },
      again: (token: number) => all.get(token)!,
      is: (thing: Thing, token: number) => thing === all.get(token),
    }),
  };
  const program = world.program('host');
  program.needs = ({ value }) => typeof value !== 'function' || holds(emitter, friends, value);
  const listeners = (): number => emitter.eventNames().reduce((sum, event) => sum + emitter.listenerCount(event), 0);
  return { program, services, upstream: undefined, listeners };
}

/** The host's own code holds what it was told to keep, and what is attached. */
function holds(emitter: EventEmitter, friends: ReadonlyMap<string, Fn>, value: unknown): boolean {
  if ([...friends.values()].includes(value as Fn)) return true;
  return emitter.eventNames().some((event) => emitter.rawListeners(event).some((listener) => listener === value || (listener as { listener?: unknown }).listener === value));
}

/** A relay holds what the others may refer to by it, and what it has attached for them. */
export function relayNeeds({ program }: Host, tokens: Tokens): (cell: Cell) => boolean {
  return ({ token, end }) => {
    if (token === 0 || program.flushes.length > 0 || tokens.attached.has(token) || tokens.kept.has(token)) return true;
    return program.ends.some((other) => other !== end && !other.over && other.exported.has(token));
  };
}
