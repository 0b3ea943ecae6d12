import type { Same } from './kinds.js';

/** One signature of a function: what it takes and what it returns. */
export type Signature = readonly [args: readonly unknown[], result: unknown];

/**
 * The signatures of a function, in order, with the first one possibly repeated. Of a function with more than 25 the last 25.
 *
 * A conditional type infers from a function's signatures from the last to the first; those missing are inferred from
 * its first. A generic signature comes out with its type parameters replaced by their constraints.
 */
export type Signatures<F> =
  F extends { (...a: infer A): infer R; (...b: infer B): infer S } ?
    Same<[A, R], [B, S]> extends true ? [[A, R]] : Overloads<F>
  : [];

type Overloads<F> =
  F extends {
    (...args: infer A1): infer R1; (...args: infer A2): infer R2; (...args: infer A3): infer R3; (...args: infer A4): infer R4;
    (...args: infer A5): infer R5; (...args: infer A6): infer R6; (...args: infer A7): infer R7; (...args: infer A8): infer R8;
    (...args: infer A9): infer R9; (...args: infer A10): infer R10; (...args: infer A11): infer R11; (...args: infer A12): infer R12;
    (...args: infer A13): infer R13; (...args: infer A14): infer R14; (...args: infer A15): infer R15; (...args: infer A16): infer R16;
    (...args: infer A17): infer R17; (...args: infer A18): infer R18; (...args: infer A19): infer R19; (...args: infer A20): infer R20;
    (...args: infer A21): infer R21; (...args: infer A22): infer R22; (...args: infer A23): infer R23; (...args: infer A24): infer R24;
    (...args: infer A25): infer R25;
  } ? [
    [A1, R1], [A2, R2], [A3, R3], [A4, R4], [A5, R5], [A6, R6], [A7, R7], [A8, R8], [A9, R9], [A10, R10], [A11, R11], [A12, R12],
    [A13, R13], [A14, R14], [A15, R15], [A16, R16], [A17, R17], [A18, R18], [A19, R19], [A20, R20], [A21, R21], [A22, R22],
    [A23, R23], [A24, R24], [A25, R25],
  ] : [];

/** The constructors of a class, as {@link Signatures}. Of a class with more than 6 the last 6. */
export type Constructors<C> =
  C extends {
    new (...args: infer A1): infer R1; new (...args: infer A2): infer R2; new (...args: infer A3): infer R3;
    new (...args: infer A4): infer R4; new (...args: infer A5): infer R5; new (...args: infer A6): infer R6;
  } ? [[A1, R1], [A2, R2], [A3, R3], [A4, R4], [A5, R5], [A6, R6]] : [];
