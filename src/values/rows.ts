type Primitive = string | number | boolean | null;

/** Primitives that JSON has, and lists of them. */
export type Row = Primitive | readonly Primitive[];

/**
 * Data on its way that holds nothing but rows: for heads of kinds that cross by the thousand. The packer takes it as it is, and
 * neither looks through it nor numbers what is in it; the other side gets the list.
 */
export class Rows {
  constructor(readonly list: readonly Row[]) {}
}
