import type { Program } from './program.js';
import type { Value } from './things.js';

/**
 * Compares what arrived with what was sent. Data must be equal and shared where it was shared; what crosses by reference
 * must be the one stand-in for its original, or the original itself if it has come home.
 */
export class Comparison {
  /** Stand-ins that arrived. */
  readonly received: Value[] = [];
  readonly promises: { got: Promise<unknown>; sent: Promise<unknown> }[] = [];
  readonly #pairs = new Map<object, unknown>();

  constructor(
    private readonly from: Program,
    private readonly to: Program,
  ) {}

  /** Where the difference is, or undefined if there is none. */
  difference(sent: unknown, got: unknown, path: string): string | undefined {
    if (typeof sent === 'function' || typeof sent === 'symbol') return this.#reference(sent, got, path);
    if (typeof sent !== 'object' || sent === null) return Object.is(sent, got) ? undefined : `${path} is ${String(got)}, not ${String(sent)}`;
    if (this.from.tokenOf(sent) !== undefined) return this.#reference(sent, got, path);
    if (this.#pairs.has(sent)) return this.#pairs.get(sent) === got ? undefined : `${path} is not the same object as before`;
    this.#pairs.set(sent, got);
    if (sent instanceof Promise) return this.#promise(sent, got, path);
    if (Buffer.isBuffer(sent)) return Buffer.isBuffer(got) && sent.equals(got) ? undefined : `${path} is not the bytes that were sent`;
    return this.#parts(sent, got, path);
  }

  #parts(sent: object, got: unknown, path: string): string | undefined {
    if (typeof got !== 'object' || got === null || Array.isArray(sent) !== Array.isArray(got)) return `${path} is ${typeof got}`;
    const keys = Object.keys(sent);
    if (Object.keys(got).length !== keys.length) return `${path} has other properties`;
    for (const key of keys) {
      const difference = this.difference(Reflect.get(sent, key), Reflect.get(got, key), `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  #promise(sent: Promise<unknown>, got: unknown, path: string): string | undefined {
    if (!(got instanceof Promise)) return `${path} is no promise`;
    this.promises.push({ got, sent });
    return undefined;
  }

  #reference(sent: Value, got: unknown, path: string): string | undefined {
    const token = this.from.tokenOf(sent)!;
    const difference = this.to.misjudges(token, got);
    if (difference !== undefined) return `${path}: ${difference}`;
    if (this.to.world.things[token]!.home !== this.to) this.received.push(got as Value);
    return undefined;
  }
}
