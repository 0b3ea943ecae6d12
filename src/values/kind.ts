/**
 * One kind of value: whether a value is of it, and how it crosses.
 *
 * A value crosses as its `head`, from which the other side creates it, and its `body`, with which it is filled
 * afterwards. The body, not the head, may refer back to the value itself. Both may be anything that can cross, functions
 * and other kinds included.
 *
 * @example
 * const money: Kind<Money, [bigint, string]> = {
 *   tag: 'Money',
 *   is: (value) => value instanceof Money,
 *   head: (value) => [value.cents, value.currency],
 *   create: ([cents, currency]) => new Money(cents, currency),
 * };
 * await host({ shop }, { kinds: [money] });                  // the same on both sides
 */
export interface Kind<Value extends object = object, Head = unknown, Body = unknown> {
  /** The kind's name on the wire: two characters or more, the same on both sides. */
  readonly tag: string;
  /** Whether `value` is of this kind. Asked for no plain object or array; must neither throw nor change anything. */
  is(value: object): boolean;
  /** `session`: one and the same object for all that crosses by one session, for kinds that keep something for each. */
  head(value: Value, session: object): Head;
  create(head: Head, session: object): Value;
  body?(value: Value): Body;
  fill?(value: Value, body: Body): void;
  /**
   * An event that had the value as an argument was dropped: of a role (no process will ever get it), or for one slow session.
   * `isUncrossable`: it could not be sent.
   */
  dropped?(value: Value, session?: object, isUncrossable?: boolean): void;
  /** An event with such an argument is given to one process only, also where a role says `at-least-once`. */
  readonly isGivenOnce?: boolean;
}

/** A kind whose types are its own affair: what lists of kinds hold. */
export interface AnyKind {
  readonly tag: string;
  is(value: object): boolean;
  head(value: never, session: object): unknown;
  create(head: never, session: object): object;
  body?(value: never): unknown;
  fill?(value: never, body: never): void;
  dropped?(value: never, session?: object, isUncrossable?: boolean): void;
  readonly isGivenOnce?: boolean;
}
