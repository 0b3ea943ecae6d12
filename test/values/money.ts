import type { Kind } from '../../src/index.js';

export class Money {
  /** Not data of the head: for a money that holds itself. */
  note: unknown;
  constructor(readonly cents: bigint, readonly currency: string) {}
}

/** A kind of a user's own. */
export const money: Kind<Money, [cents: bigint, currency: string, note: unknown]> = {
  tag: 'Money',
  is: (value) => value instanceof Money,
  head: ({ cents, currency, note }) => [cents, currency, note],
  create: ([cents, currency, note]) => Object.assign(new Money(cents, currency), { note }),
};
