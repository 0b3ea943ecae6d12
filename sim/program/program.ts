import type { End } from '../network/end.js';
import type { Link } from '../network/link.js';
import type { Call } from '../model/call.js';
import type { Emission } from '../model/emission.js';
import type { World } from '../world.js';
import type { Work } from './callee.js';
import { Heap } from './heap.js';
import type { Service } from './services.js';
import type { Thing, ThingKind, Value } from './things.js';

/** A listener that this program has attached to another's emitter. */
export interface Attached {
  readonly emitter: Value;
  readonly event: string;
  readonly listener: Value;
  readonly capture: boolean;
}

/** A process of the simulation: its own values, and all that it holds of others. */
export class Program {
  readonly heap: Heap;
  /** Its sessions, towards the first program and towards the last. */
  readonly ends: End[] = [];
  readonly things: Thing[] = [];
  /** Stand-ins that its code holds. */
  readonly handles = new Set<Value>();
  readonly works: Work[] = [];
  readonly attached: Attached[] = [];
  readonly aborts: AbortController[] = [];
  /** Its own promises that others may wait for. */
  readonly promises: ((outcome: number) => void)[] = [];
  /** Stand-ins of promises that it waits for. */
  awaiting = 0;
  /** The session whose messages are being handled. */
  reading: End | undefined;
  /** Events that its listeners must be told of before anything else. */
  readonly hears: { emission: Emission; listener: Thing }[] = [];
  /** Reads of its items' properties that are due. */
  readonly reads: Call[] = [];
  /** Errors that its listeners have thrown, with who has. */
  readonly thrown = new Map<unknown, Thing>();
  /** What it offers by name, also if it was withdrawn since. */
  readonly services = new Map<string, Service>();

  constructor(
    readonly world: World,
    readonly index: number,
  ) {
    this.heap = new Heap(world);
  }

  get name(): string {
    return 'ABC'[this.index]!;
  }

  // Where things are

  toward(home: Program): End {
    return this.next(this.world.programs[this.index + Math.sign(home.index - this.index)]!);
  }

  next(program: Program): End {
    return this.ends.find((end) => end.other.program === program)!;
  }

  pathTo(home: Program): Link[] {
    if (home === this) return [];
    const end = this.toward(home);
    return [end.link, ...end.other.program.pathTo(home)];
  }

  /** What a value stands for, as this program knows it. */
  tokenOf(value: Value): number | undefined {
    const own = this.world.thingOf(value);
    if (own?.home === this) return own.token;
    this.heap.learn();
    const cell = this.heap.cells.get(value);
    return cell?.end === undefined || cell.token === 0 ? undefined : cell.token;
  }

  thingOf(value: Value): Thing {
    return this.world.things[this.tokenOf(value)!]!;
  }

  valueOf(token: number): Value | undefined {
    const thing = this.world.things[token];
    return thing?.home === this ? thing.value : this.heap.standIn(token)?.value;
  }

  /** Why `got` is not what must stand here for a value; undefined if it is. */
  misjudges(token: number, got: unknown): string | undefined {
    const thing = this.world.things[token]!;
    if (thing.home === this) return got === thing.value ? undefined : `${thing.name} came home as something else`;
    const cell = this.heap.standIn(token);
    if (cell === undefined) return `there is no stand-in for ${thing.name}`;
    return cell.value === got ? undefined : `what arrived for ${thing.name} is not its stand-in`;
  }

  make(kind: ThingKind): Thing {
    const thing = this.world.makeThing(kind, this);
    this.things.push(thing);
    return thing;
  }

  usable(value: Value): boolean {
    return this.heap.cells.get(value)?.released !== true;
  }

  // What goes wrong

  failed(end: End, error: unknown, where: string): void {
    const { code } = error as { code?: string };
    if (code === 'ERR_DYNOBOT_DISCONNECTED' && this.world.links.some((link) => link.ending)) return;
    if (/^thrown by f\d+ at event/.test((error as Error).message)) return;
    if (code === 'ERR_DYNOBOT_NO_SERVICE' || (this.world.plan.spoiling && code === 'ERR_DYNOBOT_UNCLONABLE')) return;
    this.world.problem('errors', `${end.name} reports of ${where}: ${(error as Error)?.stack ?? String(error)}`);
  }

  /** What a listener throws is its own program's affair, if it was this that made it one. */
  uncaught(error: unknown): void {
    const listener = this.thrown.get(error);
    if (listener?.listens !== true) this.world.problem('errors', `${this.name}, uncaught: ${(error as Error)?.stack ?? String(error)}`);
  }

  /** Whatever was due to its listeners has been told. */
  mustHaveHeard(): void {
    const lost = this.hears.shift();
    if (lost !== undefined) this.world.problem('misordered', `${this.name}: ${lost.listener.name} does not hear of event ${lost.emission.number}`);
  }
}
