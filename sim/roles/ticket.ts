import type { Kind } from '../../src/values/kind.js';

/** Goes with every event, and hears what becomes of it where nobody handles it. */
export class Ticket {
  constructor(
    readonly number: number,
    readonly dropped: (number: number) => void = () => {},
  ) {}
}

export const ticket: Kind<Ticket, number> = {
  tag: 'Ticket',
  is: (value) => value instanceof Ticket,
  head: ({ number }) => number,
  create: (number) => new Ticket(number),
  dropped: ({ number, dropped }) => dropped(number),
};
