/**
 * The plain objects in which a function was sent over one session. Its `this` is the object, as long as there is but one;
 * the session forgets about it when the other side holds the function no more.
 */
export class Found {
  readonly #containers = new Map<object, unknown>();
  readonly #messages = new Set<unknown>();
  #elsewhere = false;

  /** `certain`: whether the message is known to have been sent. */
  add(message: unknown, container: object | undefined, certain: boolean): void {
    if (container !== undefined) {
      this.#containers.set(container, message);
      this.#messages.add(message);
    }
    if (container === undefined || !certain) this.#elsewhere = true;
  }

  /** Whether `receiver` can be the `this` of a call that gives none. */
  allows(receiver: unknown): boolean {
    const { size } = this.#containers;
    if (receiver === undefined) return size !== 1 || this.#elsewhere;
    if (!this.#containers.has(receiver as object)) return false;
    return size === 1 || this.#messages.size > 1 || this.#elsewhere;
  }
}
