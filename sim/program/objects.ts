import { EventEmitter, getEventListeners } from 'node:events';
import type { Emission } from '../model/emission.js';
import { assigned, read, used } from './arrivals.js';
import type { Thing, Value } from './things.js';

/** An object with a method and a property. */
export class Item {
  readonly token: number;
  readonly #thing: Thing;

  constructor(thing: Thing) {
    this.token = thing.token;
    this.#thing = thing;
  }

  get level(): number {
    return read(this.#thing);
  }

  set level(level: number) {
    assigned(this.#thing, level);
  }

  run(...args: unknown[]): unknown {
    return used(this.#thing, this, args);
  }
}

export class Source extends EventEmitter {
  readonly token: number;
  readonly #thing: Thing;

  constructor(thing: Thing) {
    super();
    this.token = thing.token;
    this.#thing = thing;
  }

  run(...args: unknown[]): unknown {
    return used(this.#thing, this, args);
  }
}

export class Target extends EventTarget {
  readonly token: number;
  readonly #thing: Thing;

  constructor(thing: Thing) {
    super();
    this.token = thing.token;
    this.#thing = thing;
  }

  run(...args: unknown[]): unknown {
    return used(this.#thing, this, args);
  }
}

/** An event as its listeners get it: as arguments, or as what an event object carries. */
export function emit(on: Value, { event, number, payload }: Emission): void {
  if (on instanceof Source) on.emit(event, 'event', number, payload);
  else (on as Target).dispatchEvent(new CustomEvent(event, { detail: ['event', number, payload] }));
}

/** What is attached to it, in the stead of listeners. */
export function wrappersOn(value: Value, event: string): Value[] {
  return value instanceof Source ? value.rawListeners(event) : getEventListeners(value as Target, event);
}
