/** A known bug: one place of the sources, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** Under src/. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly search: string;
  readonly replace: string;
}
