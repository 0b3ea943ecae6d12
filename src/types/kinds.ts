/**
 * How a value of a type crosses, as far as a type can tell: copied, referenced, or stood in for by its own kind.
 *
 * **What decides at run time** is whether the value is plain data or an instance of a class. TypeScript's types are
 * structural and do not say which, so for an object type we go by these signs, the first that applies:
 *
 * 1. A marker, {@link ByReference} or {@link ByCopy}.
 * 2. `on`, `addListener` or `addEventListener`: an emitter, referenced.
 * 3. A private or protected member (also `#x`): only a class has them, referenced.
 * 4. A member in *method syntax*, `say(text: string): void`: behaviour that lives on a prototype, referenced.
 * 5. A function in *property syntax*, `reply: (text: string) => void`: data that carries a function, copied.
 * 6. Functions that show neither (no parameters, or only `any`): referenced.
 * 7. No function at all: copied.
 *
 * (4) and (5) can be told apart because TypeScript compares parameters of methods both ways, and those of function-valued
 * properties one way only (`strictFunctionTypes`, part of `strict`). Without that option every function is a (6).
 *
 * **In doubt it is a reference**, since that is the mistake that does no harm. A property of a reference reads as a
 * promise, and `await event.nick` is right for a plain string too. The opposite mistake would call a promise a string.
 * Where the guess is not what happens, the compiler says so at the first use, and a marker in the service's type settles it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';

declare const BY_REFERENCE: unique symbol;
declare const BY_COPY: unique symbol;

/**
 * A `T` that crosses as a reference, whatever its type looks like. Only a type: a `T` can be used for it and the reverse.
 *
 * @example
 * interface Game { start(): ByReference<{ score: number }> }   // (await game.start()).score is a Promise<number>
 */
export type ByReference<T> = T & { readonly [BY_REFERENCE]?: true };

/**
 * A `T` that crosses as a copy, whatever its type looks like. Only a type: a `T` can be used for it and the reverse.
 *
 * @example
 * interface Message { nick: string; reply(text: string): void }         // an object literal, but in method syntax
 * interface Client { on(event: 'message', handler: (message: ByCopy<Message>) => void): this }
 */
export type ByCopy<T> = T & { readonly [BY_COPY]?: true };

declare const ORIGINAL: unique symbol;
/** Marks a proxy's type with the type of what it stands for. Only a type: nothing has such a property. */
export type StandsFor<T> = { readonly [ORIGINAL]?: T };
/** Whether a type is that of a proxy already. */
export type IsProxy<T> = typeof ORIGINAL extends keyof T ? true : false;

/** Every function type is one of these. */
export type AnyFunction = (...args: never) => unknown;
/** Every class is one of these. */
export type AnyClass = abstract new (...args: never) => unknown;

/** A function of which nothing is known. Named once: elsewhere it would be a mistake. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- other people's types do use it
export type UntypedFunction = Function;

export type Primitive = string | number | bigint | boolean | symbol | null | undefined | void;

/** Objects that are copied and have nothing inside that would have to be mapped. */
export type Atom = Date | RegExp | ArrayBuffer | SharedArrayBuffer | ArrayBufferView | URL | URLSearchParams | Error | Event | AbortSignal;

/** Streams for which the other side has a local stream of the same kind. More special kinds come first. */
export type StandInStream<T> =
  T extends IncomingMessage | ServerResponse ? T
  : T extends Duplex ? Duplex
  : T extends Readable ? Readable
  : T extends Writable ? Writable
  : never;

export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether two types are the same, not only assignable to each other. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `'reference'` or `'copy'`: the rule at the top of this file, for an object type. */
export type Crossing<T> =
  typeof BY_REFERENCE extends keyof T ? 'reference'
  : typeof BY_COPY extends keyof T ? 'copy'
  : T extends { on: AnyFunction } | { addListener: AnyFunction } | { addEventListener: AnyFunction } ? 'reference'
  : Pick<T, keyof T> extends T ? CrossingByStyle<{ [K in keyof T]-?: Style<NonNullable<T[K]>> }[keyof T]>
  : 'reference';

type CrossingByStyle<S> =
  'method' extends S ? 'reference' : 'property' extends S ? 'copy' : 'unclear' extends S ? 'reference' : 'copy';

declare const NARROWER: unique symbol;
/** A function that takes less than `A`. It can stand for a method that takes `A`, but not for a function that takes `A`. */
type Narrowed<A extends readonly unknown[]> = (...args: { [I in keyof A]: A[I] & { [NARROWER]: true } }) => never;

type Style<F> =
  IsAny<F> extends true ? never
  : F extends (...args: infer A) => infer R ?
    Narrowed<A> extends (...args: A) => R ? 'unclear'
    : Narrowed<A> extends F ? 'method'
    : Same<F, (...args: A) => R> extends true ? 'property'
    : 'unclear' // generic or overloaded
  : never;
