/** One kind of value: a line of the table in docs/values.md, and what the test of it does. */
export interface Row {
  readonly kind: string;
  readonly how: 'copied' | 'referenced' | 'stood in for';
  /** What the other side can rely on. */
  readonly kept: string;
  /** What it cannot. */
  readonly lost?: string;
  /** A value of the kind; a new one each time. */
  make(): unknown;
  /** Throws unless `arrived` is, in the other process, what `make()` was in its own. */
  check(arrived: unknown): void | Promise<void>;
}
