import type { EventEmitter } from 'node:events';
import type { Received, ReceivedEach, SentEach } from './crossing.js';
import type { AnyFunction, Same } from './kinds.js';
import type { Signature, Signatures } from './overloads.js';
import type { RemoteObject } from './remote.js';

declare const EVENTS: unique symbol;

/**
 * Says which events an object emits, for an emitter whose own type cannot be read: a *subclass* of Node's generic
 * `EventEmitter<Events>`. Only a type.
 *
 * @example
 * interface Events { message: [message: Message]; close: [] }
 * class Client extends EventEmitter<Events> {}
 * const connection = await connect<{ irc: Client & Emits<Events> }>('bot');
 * connection.services.irc.on('message', (message) => message.reply('hi'));
 */
export type Emits<M> = { readonly [EVENTS]?: M };

declare const DECLARED: unique symbol;

/**
 * Says which methods the host has declared with `declareListeners`: like `on`, they return at once. Only a type.
 *
 * @example
 * const connection = await connect<{ store: Store & Declares<'subscribe'> }>('bot');
 * using subscription = connection.services.store.subscribe((state) => console.log(state));
 */
export type Declares<Names extends string> = { readonly [DECLARED]?: Names };
export type DeclaredName<T> = typeof DECLARED extends keyof T ? T extends { readonly [DECLARED]?: infer N } ? NonNullable<N> : never : never;

/** A declared method, each signature of it. */
export type DeclaredMethod<L, T> =
  L extends [infer S extends Signature, ...infer Rest] ?
    ((...args: SentEach<S[0]>) => [T] extends [S[1]] ? RemoteObject<T> : S[1] extends void ? void : Unsubscriber) & DeclaredMethod<Rest, T>
  : unknown;

/** What ends a subscription, in every form that libraries have for it. */
export interface Unsubscriber extends Disposable {
  (): void;
  unsubscribe(): void;
  dispose(): void;
  close(): void;
}

/** The methods that attach or detach a listener. They are not calls to wait for: they return at once. */
export type ListenerMethodName =
  | 'on' | 'once' | 'addListener' | 'prependListener' | 'prependOnceListener' | 'off' | 'removeListener'
  | 'removeAllListeners' | 'setMaxListeners' | 'addEventListener' | 'removeEventListener';

/**
 * A listener method `F` of `T`, on the proxy: overloads and event names stay, handlers get what arrives here, and what
 * was `this` is the proxy.
 *
 * A generic `on<K extends keyof Events>(event: K, handler: …)` is read event by event. If that cannot be done (see
 * {@link Emits}), its own type stays: names and handlers are checked as ever, but not mapped, and it returns a `T`.
 */
export type ListenerMethod<F extends AnyFunction, T> =
  [EventsOf<T>] extends [never] ? BySignature<F, Signatures<F>, T> : ByEvent<EventsOf<T>, Signatures<F>[0], T>;

/** `emit` of an emitter with the event map `M`. Its own type is generic, and cannot be read. */
export type EmitMethod<M> = <K extends keyof M>(event: K, ...args: SentEach<ArgumentsOf<M[K]>>) => Promise<boolean>;

/** The event map of an emitter, where its type says it; else `never`. */
export type EventsOf<T> =
  typeof EVENTS extends keyof T ? T extends { readonly [EVENTS]?: infer M } ? NonNullable<M> : never : NodeEvents<T>;

/** The event map of Node's own `EventEmitter<Events>`; `never` for anything else, also a subclass of it. */
type NodeEvents<T> =
  T extends EventEmitter<infer M> ?
    [M] extends [[never]] ? never : Same<T, EventEmitter<M>> extends true ? M : never
  : never;

type BySignature<F extends AnyFunction, L, T> =
  L extends [infer S extends Signature] ?
    Same<F, (...args: S[0]) => S[1]> extends true ? Plain<S, T>
    : unknown extends EventName<S> ? F
    : string extends EventName<S> ? Plain<S, T> & F
    : ByEvent<Probed<F, S>, S, T>
  : HasKeyed<L> extends true ? F
  : Named<L, T> & Unnamed<L, T>;

/** One signature as it is, mapped. */
type Plain<S extends Signature, T> = (...args: SentEach<S[0]>) => Attached<S[1], T>;

/** The overloads for one event each. They come first: an overload for any string would hide those after it. */
type Named<L, T> =
  L extends [infer S extends Signature, ...infer Rest] ?
    (string extends EventName<S> ? unknown : Plain<S, T>) & Named<Rest, T>
  : unknown;
type Unnamed<L, T> =
  L extends [infer S extends Signature, ...infer Rest] ?
    (string extends EventName<S> ? Plain<S, T> : unknown) & Unnamed<Rest, T>
  : unknown;

/** One generic signature for all the events of a map from names to arguments, or to handlers. */
type ByEvent<M, S extends Signature, T> =
  S[0] extends readonly [unknown?] ? (event?: keyof M) => Attached<S[1], T>
  : <K extends keyof M>(event: K, ...rest: Rest<S[0], (...args: ReceivedEach<ArgumentsOf<M[K]>>) => void>) => Attached<S[1], T>;

type Rest<A extends readonly unknown[], H> =
  A extends readonly [unknown, unknown, ...infer More] ? [handler: H, ...SentEach<More>]
  : A extends readonly [unknown?, unknown?, ...infer More] ? [handler?: H, ...SentEach<More>]
  : never;

type ArgumentsOf<E> =
  E extends (...args: infer A) => unknown ? A : E extends readonly unknown[] ? E : unknown[];

/**
 * What a listener method returns on the proxy: the proxy for `this`, nothing for nothing. What else an emitter's might
 * return is not known here in time, so the proxy it is. An `on` without an `off` that returns anything else is a call.
 */
type Attached<R, T> =
  [T] extends [R] ? RemoteObject<T>
  : R extends void ? R
  : T extends { on: AnyFunction } & ({ off: AnyFunction } | { removeListener: AnyFunction }) ? RemoteObject<T>
  : Promise<Received<Awaited<R>>>;

type EventName<S extends Signature> = S[0][0];
type HandlerArguments<S extends Signature> = NonNullable<S[0][1]> extends infer H ? H extends (...args: infer A) => unknown ? A : never : never;

/** An overload whose event and handler are both unions comes from a generic signature: which belongs to which is lost. */
type HasKeyed<L> =
  L extends [infer S extends Signature, ...infer Rest] ?
    IsUnion<EventName<S>> extends true ? IsUnion<HandlerArguments<S>> extends true ? true : HasKeyed<Rest>
    : HasKeyed<Rest>
  : false;
type IsUnion<T, All = T> = T extends unknown ? [All] extends [T] ? false : true : never;

/**
 * The event map of one generic signature. A type cannot instantiate a function, but it can ask whether the function
 * takes an event with a handler for given arguments. We ask that for every event with the arguments of every event,
 * and of those that pass, take the ones that say most.
 */
type Probed<F, S extends Signature> = {
  [K in EventName<S> & PropertyKey]: Most<Fitting<F, K, HandlerArguments<S>>>;
};
type Fitting<F, K, A> =
  A extends readonly unknown[] ? F extends (event: K, handler: (...args: A) => never, ...rest: never[]) => unknown ? A : never : never;
type Most<A extends readonly unknown[], All = Handler<A>> = A extends unknown ? [All] extends [Handler<A>] ? A : never : never;
type Handler<A extends readonly unknown[]> = A extends unknown ? (...args: A) => void : never;
