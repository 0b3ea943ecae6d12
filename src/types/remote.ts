/**
 * The types of proxies in an awaiting client. What arrives and what may be sent is in crossing.ts, the rule for what is
 * copied and what is referenced in kinds.ts, listener methods in emitters.ts.
 */
import type { Received, SentEach } from './crossing.js';
import type { DeclaredMethod, DeclaredName, EmitMethod, EventsOf, ListenerMethod, ListenerMethodName } from './emitters.js';
import type { AnyClass, AnyFunction, Atom, IsAny, IsProxy, Primitive, Same, StandsFor } from './kinds.js';
import type { Constructors, Signature, Signatures } from './overloads.js';

/**
 * The proxies of a host's services.
 *
 * @example
 * Services<{ irc: Client; add: (a: number, b: number) => number; Client: typeof Client }>
 * // { irc: Remote<Client>; add: (a: number, b: number) => Promise<number>; Client: { new (nick: string): Promise<Remote<Client>> } }
 */
export type Services<S> = { readonly [K in keyof S]: Remote<S[K]> };

/**
 * The proxy of a `T`. Its methods return promises, reading a property gives a promise, `on` and its like work as ever.
 * Any object is a reference here, also one that would be copied as an argument or a result ({@link Received}).
 *
 * Properties are read-only in this type, since what is read is not what would be assigned; see {@link AssignableName}.
 *
 * @example
 * declare const irc: Remote<Client>;
 * irc.on('message', (message) => message.reply('hi')).on('close', () => {});
 * const nick = await irc.nick;
 * using channel = await irc.join('#a');     // released at the end of the block
 */
export type Remote<T> =
  IsAny<T> extends true ? T
  : unknown extends T ? T
  : T extends Primitive ? T
  : IsProxy<T> extends true ? T
  : T extends Atom | readonly unknown[] | PromiseLike<unknown> | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> ? Received<T>
  : T extends AnyClass ? RemoteClass<T>
  : T extends AnyFunction ? RemoteFunction<T>
  : RemoteObject<T>;

/** A reference to a function. It takes what the function takes ({@link Sent}) and returns a promise. */
export type RemoteFunction<F> = Calls<Signatures<F>, never> & ([keyof F] extends [never] ? unknown : Members<F>) & Releasable;

/** A reference to a class: `await new Client('bob')` makes an instance there. Static members are as those of an object. */
export type RemoteClass<C> = News<Constructors<C>> & Members<C> & Releasable;

/** A reference to an object. */
export type RemoteObject<T> = Members<T> & Iteration<T> & Releasable & StandsFor<T>;

/** What the proxy `R` stands for: `Original<Remote<Client>>` is `Client`. */
export type Original<R> = R extends StandsFor<infer T> ? T : never;

/**
 * The primitive properties of a `T` as they were when its reference arrived. A getter, or a property that was added
 * later, may be missing.
 */
export type Snapshot<T> = {
  readonly [K in keyof T as [T[K]] extends [Primitive] ? MemberName<K> : never]?: T[K];
};

/** The names of the properties of a `T` that can be assigned. The value is a `Sent<T[Name]>`. */
export type AssignableName<T> = {
  [K in keyof T]-?: [NonNullable<T[K]>] extends [AnyFunction] ? never
  : Same<{ [P in K]: T[P] }, { -readonly [P in K]: T[P] }> extends true ? MemberName<K>
  : never;
}[keyof T];

/** `using` and `await using` release a reference at the end of their block. */
type Releasable = Disposable & AsyncDisposable;

/** What can be iterated there, in either way, can be iterated here with `for await`. */
type Iteration<T> =
  T extends AsyncIterable<infer V> ? AsyncIterable<Received<V>>
  : T extends Iterable<infer V> ? AsyncIterable<Received<V>>
  : unknown;

/** Names that never cross. Symbols do not, either. */
type HiddenName =
  | `_${string}` | 'then' | 'toJSON' | 'constructor' | 'prototype' | 'arguments' | 'caller'
  | 'hasOwnProperty' | 'isPrototypeOf' | 'propertyIsEnumerable' | 'toLocaleString' | 'toString' | 'valueOf';

type MemberName<K> = K extends HiddenName | symbol ? never : K;

type Members<T> = { readonly [K in keyof T as MemberName<K>]: Member<T[K], K, T> };

/** An optional method may be missing on the proxy as well; one that may be `null` is data, and so is a class. */
type Member<V, K, T> =
  IsAny<V> extends true ? V
  : [V] extends [undefined] ? Promise<V>
  : [V] extends [AnyClass | undefined] ? Promise<Received<V>>
  : [V] extends [AnyFunction | undefined] ?
    Exclude<V, undefined> extends infer F extends AnyFunction ?
      K extends DeclaredName<T> ? DeclaredMethod<Signatures<F>, T>
      : K extends ListenerMethodName ? ListenerMethod<F, T>
      : K extends 'emit' ? [EventsOf<T>] extends [never] ? Method<F, T> : EmitMethod<EventsOf<T>>
      : Method<F, T>
    : never
  : Promise<Received<Awaited<V>>>;

/** A generic signature whose parameters say nothing without their type arguments takes and returns anything. */
type Method<F, T> = Signatures<F> extends [] ? (...args: unknown[]) => Promise<unknown> : Calls<Signatures<F>, T>;

/** Each signature of a function, returning a promise. `T` is what a method that returns `this` returns. */
type Calls<L, T> =
  L extends [infer S extends Signature, ...infer Rest] ?
    ((...args: [S[0]] extends [never] ? unknown[] : SentEach<S[0]>) => Promise<Result<Awaited<S[1]>, T>>) & Calls<Rest, T>
  : unknown;

type Result<R, T> = Same<R, T> extends true ? RemoteObject<T> : Received<R>;

type News<L> =
  L extends [infer S extends Signature, ...infer Rest] ?
    (new (...args: SentEach<S[0]>) => Promise<Remote<S[1]>>) & News<Rest>
  : unknown;

export type { Received, Sent } from './crossing.js';
export type { Declares, Emits, Unsubscriber } from './emitters.js';
export type { ByCopy, ByReference, StandsFor } from './kinds.js';
