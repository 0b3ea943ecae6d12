/** What processes of a role have left for those that come next, by their instance; bounded in bytes for all of them. */
export class SavedStates {
  /** Of all states. */
  bytes = 0;
  readonly #states = new Map<string, Uint8Array>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#states.size;
  }

  has(instance: string): boolean {
    return this.#states.has(instance);
  }

  get(instance: string): Uint8Array | undefined {
    return this.#states.get(instance);
  }

  /** Returns whether there is room for it; if not, what was there stays. */
  set(instance: string, state: Uint8Array): boolean {
    const bytes = this.bytes - this.#bytesOf(instance) + state.byteLength;
    if (bytes > this.most) return false;
    this.#states.set(instance, state);
    this.bytes = bytes;
    return true;
  }

  delete(instance: string): void {
    this.bytes -= this.#bytesOf(instance);
    this.#states.delete(instance);
  }

  #bytesOf(instance: string): number {
    return this.#states.get(instance)?.byteLength ?? 0;
  }
}
