/** A message that waits for a slow reader. */
export interface Held {
  readonly message: string;
  readonly attachments: readonly Uint8Array[];
  /** It may be dropped; this undoes what it says. */
  readonly takeBack?: (() => void) | undefined;
}

interface Node extends Held {
  message: string;
  attachments: readonly Uint8Array[];
  takeBack: (() => void) | undefined;
  /** How many dropped messages it stands for. */
  gap: number;
  before: Node | undefined;
  after: Node | undefined;
}

/** What a message counts for beside its length. */
const OVERHEAD = 64;

/** Messages in order. The oldest of those that may be dropped is found at once, and leaves a gap that tells how many they were. */
export class Queue {
  /** Bytes, of text UTF-16 units. */
  size = 0;
  #first: Node | undefined;
  #last: Node | undefined;
  /** All before it cannot be dropped. */
  #oldest: Node | undefined;

  add({ message, attachments, takeBack }: Held): void {
    const node: Node = { message, attachments, takeBack, gap: 0, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
    this.#oldest ??= takeBack === undefined ? undefined : node;
    this.size += sizeOf(node);
  }

  take(): Held | undefined {
    const node = this.#first;
    if (node !== undefined) this.#remove(node);
    return node;
  }

  /** False if there is none. `tell` makes the message that takes the place of so many. */
  dropOldest(tell: (count: number) => string): boolean {
    const node = this.#oldest;
    if (node === undefined) return false;
    node.takeBack?.();
    const before = node.before;
    const merged = before !== undefined && before.gap > 0;
    if (merged) this.#remove(node);
    else this.#oldest = next(node);
    this.#becomeGap(merged ? before : node, tell);
    return true;
  }

  clear(): void {
    this.#first = this.#last = this.#oldest = undefined;
    this.size = 0;
  }

  #becomeGap(node: Node, tell: (count: number) => string): void {
    this.size -= sizeOf(node);
    node.gap++;
    node.message = tell(node.gap);
    node.attachments = [];
    node.takeBack = undefined;
    this.size += sizeOf(node);
  }

  #remove(node: Node): void {
    const { before, after } = node;
    if (this.#oldest === node) this.#oldest = next(node);
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    this.size -= sizeOf(node);
  }
}

function next(node: Node): Node | undefined {
  let at = node.after;
  while (at !== undefined && at.takeBack === undefined) at = at.after;
  return at;
}

function sizeOf({ message, attachments }: Node): number {
  let size = message.length + OVERHEAD;
  for (const { byteLength } of attachments) size += byteLength + OVERHEAD;
  return size;
}
