import type { Shapes } from '../proxies/shape.js';
import { ESCAPE, TAG } from '../wire.js';
import type { Export, Exports } from './exports.js';

const MOST_PARAMETERS = 0xffff;
const FUNCTION = `["${ESCAPE}","${TAG.function}",`;

/**
 * The escapes of functions without members, as text at once: what callbacks mostly are. They count, as those that the packer
 * writes, unless their message is not sent after all; until that is known they are marked.
 */
export class ShortFunctions {
  /** Of messages that are not sent yet, those of the innermost last: a getter in one message may send another. */
  readonly #marked: Export[] = [];

  constructor(
    private readonly exports: Exports,
    private readonly shapes: Shapes,
  ) {}

  /** Where a message begins. */
  mark(): number {
    return this.#marked.length;
  }

  /** The escape for `fn`, if it is a function, and simple. */
  readonly text = (fn: unknown): string | undefined => {
    if (typeof fn !== 'function' || !this.shapes.isBare(fn)) return undefined;
    const { name, length } = fn as object as { name: unknown; length: unknown };
    if (typeof name !== 'string' || typeof length !== 'number' || !(length >= 0 && length <= MOST_PARAMETERS)) return undefined;
    const entry = this.exports.of(fn);
    entry.held++;
    this.#marked.push(entry);
    const begin = FUNCTION + entry.id;
    if (name !== '') return `${begin},${length},${JSON.stringify(name)}]`;
    return length === 0 ? `${begin}]` : `${begin},${length}]`;
  };

  /** The message that began at `mark` was sent, or was not: then nothing of it is exported. */
  settle(mark: number, sent: boolean): void {
    const marked = this.#marked;
    while (marked.length > mark) {
      const entry = marked.pop()!;
      if (!sent) this.exports.giveUp(entry);
    }
  }
}
