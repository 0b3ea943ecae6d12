import { ESCAPE, TAG, type Packed } from '../wire.js';
import type { Kind } from './kind.js';

type Primitive = string | number | boolean | null;

/** Primitives that JSON has, and lists of them. */
export type Row = Primitive | readonly Primitive[];

/**
 * A head that is nothing but rows, of a value that crosses by the thousand: they are taken as they are, and nobody looks through
 * them or numbers what is in them.
 * Elements that are optional may lack at the end.
 */
export class Rows<List extends readonly (Row | undefined)[] = readonly Row[]> {
  constructor(readonly list: List) {}
}

/**
 * A kind whose heads are Rows wherever there is no more to say. A message may hold such a value twice: that it is the same
 * one is for the kind to know, at both ends.
 */
export interface KindOfRows<Value extends object, Head = unknown> extends Kind<Value, Head> {
  readonly isOfRows: true;
}

export function rowsEscape({ tag }: Kind, { list }: Rows<readonly (Row | undefined)[]>): Packed[] {
  return [ESCAPE, TAG.rows, tag, ...(list as readonly Packed[])];
}
