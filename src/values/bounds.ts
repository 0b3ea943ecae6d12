/** A few bytes can claim billions of holes, and whatever iterates over them would not come back. */
export const LONGEST_SPARSE = 1_000_000;

/** Digits of a bigint: reading them takes more than linear time. */
export const LONGEST_BIGINT = 100_000;
