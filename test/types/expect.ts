import type { Same } from '../../src/types/kinds.js';

/** Compiles only if the two types are the same: `same<typeof value, string>(true)`. */
export declare function same<A, B>(same: Same<A, B>): void;
/** Compiles only if `value` is an `A` exactly: `is<string>()(value)`. */
export declare function is<A>(): <B>(value: B, ...same: Same<A, B> extends true ? [] : ['is of the type', B]) => void;
