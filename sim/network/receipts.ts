/**
 * What one side of a session may refer to of the other's, told from the wire alone: every mention of a value is a receipt,
 * and what was received is held until as many have been given back.
 */
export class Receipts {
  readonly #byId = new Map<number, { token: number; count: number }>();
  readonly #tokens = new Map<number, number>();

  /** Values without a token: what works behind stand-ins. */
  get hidden(): number {
    return this.#tokens.get(0) ?? 0;
  }

  get size(): number {
    return this.#byId.size;
  }

  tokenOf(id: number): number | undefined {
    return this.#byId.get(id)?.token;
  }

  has(token: number): boolean {
    return this.#tokens.has(token);
  }

  tokens(): Iterable<number> {
    return this.#tokens.keys();
  }

  add(id: number, token: number): void {
    const known = this.#byId.get(id);
    if (known !== undefined) return void known.count++;
    this.#byId.set(id, { token, count: 1 });
    this.#tokens.set(token, (this.#tokens.get(token) ?? 0) + 1);
  }

  /** Returns whether there were so many. */
  giveBack(id: number, count: number): boolean {
    const known = this.#byId.get(id);
    if (known === undefined || known.count < count) return false;
    known.count -= count;
    if (known.count > 0) return true;
    this.#byId.delete(id);
    const others = this.#tokens.get(known.token)! - 1;
    if (others === 0) this.#tokens.delete(known.token);
    else this.#tokens.set(known.token, others);
    return true;
  }
}
