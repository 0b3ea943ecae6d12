import type { RemoteClass, RemoteFunction, RemoteObject } from './remote.js';
import type { AnyClass, AnyFunction, Atom, Crossing, IsAny, IsProxy, Primitive, StandInStream, UntypedFunction } from './kinds.js';
import type { Readable, Writable } from 'node:stream';
import type * as node from 'node:stream/web';

/**
 * What arrives when the other side hands over a `T`, as a result or as an argument of a callback: data as it is, with
 * every function inside a {@link RemoteFunction} and every instance inside a {@link RemoteObject}.
 *
 * @example
 * interface Message { nick: string; reply: (text: string) => void }
 * Received<Message>    // { nick: string; reply: (text: string) => Promise<void> }
 */
export type Received<T> =
  IsAny<T> extends true ? T
  : unknown extends T ? T
  : T extends Primitive | Atom ? T
  : IsProxy<T> extends true ? T
  : T extends readonly unknown[] ? ReceivedList<T>
  : T extends AnyClass ? RemoteClass<T>
  : T extends AnyFunction ? RemoteFunction<T>
  : T extends UntypedFunction ? (...args: unknown[]) => Promise<unknown>
  : T extends PromiseLike<unknown> ? Promise<Received<Awaited<T>>>
  : T extends PlainMap<T, infer K, infer V> ? Map<Received<K>, Received<V>>
  : T extends PlainSet<T, infer V> ? Set<Received<V>>
  : T extends Readable | Writable ? StandInStream<T>
  : T extends node.ReadableStream<infer V> ? node.ReadableStream<Received<V>>
  : T extends node.WritableStream<infer V> ? node.WritableStream<Sent<V>>
  : T extends node.TransformStream<infer I, infer O> ? node.TransformStream<Sent<I>, Received<O>>
  // Where a project has the types of the DOM, the global ones are others.
  : T extends ReadableStream<infer V> ? ReadableStream<Received<V>>
  : T extends WritableStream<infer V> ? WritableStream<Sent<V>>
  : T extends TransformStream<infer I, infer O> ? TransformStream<Sent<I>, Received<O>>
  : T extends AsyncGenerator<infer V, infer R, infer N> | Generator<infer V, infer R, infer N> ? AsyncGenerator<Received<V>, Received<R>, Sent<N>>
  : T extends AsyncIterableIterator<infer V, infer R, infer N> ? AsyncIterableIterator<Received<V>, Received<R>, Sent<N>>
  : T extends AsyncIterable<infer V> & OnlySymbols<T> ? AsyncIterable<Received<V>>
  : Crossing<T> extends 'reference' ? RemoteObject<T>
  : { [K in keyof T]: Received<T[K]> };

/**
 * What may be handed over where the other side takes a `T`: a `T`, its stand-in that came from there, or, where a callback
 * is wanted, a local one that gets {@link Received} arguments and may be asynchronous.
 *
 * @example
 * // the host declares: each(visit: (channel: Channel) => boolean): void
 * await irc.each(async (channel) => (await channel.name) === '#a');
 */
export type Sent<T> =
  IsAny<T> extends true ? T
  : unknown extends T ? T
  : T extends Primitive | Atom ? T
  : IsProxy<T> extends true ? T
  : T extends readonly unknown[] ? SentList<T>
  : T extends AnyClass ? T | RemoteClass<T>
  : T extends (...args: infer A) => infer R ? (...args: ReceivedEach<A>) => Answer<R>
  : T extends UntypedFunction ? T
  : T extends PromiseLike<unknown> ? PromiseLike<Sent<Awaited<T>>>
  : T extends PlainMap<T, infer K, infer V> ? ReadonlyMap<Sent<K>, Sent<V>>
  : T extends PlainSet<T, infer V> ? ReadonlySet<Sent<V>>
  : T extends Readable | Writable ? T | StandInStream<T> | RemoteObject<T>
  : T extends node.ReadableStream<infer V> ? node.ReadableStream<Sent<V>>
  : T extends node.WritableStream<infer V> ? node.WritableStream<Received<V>>
  : T extends node.TransformStream<infer I, infer O> ? node.TransformStream<Received<I>, Sent<O>>
  : T extends ReadableStream<infer V> ? ReadableStream<Sent<V>>
  : T extends WritableStream<infer V> ? WritableStream<Received<V>>
  : T extends TransformStream<infer I, infer O> ? TransformStream<Received<I>, Sent<O>>
  : T extends AsyncGenerator<infer V, infer R, infer N> ? AsyncGenerator<Sent<V>, Sent<R>, Received<N>>
  : T extends AsyncIterableIterator<infer V, infer R, infer N> ? AsyncIterableIterator<Sent<V>, Sent<R>, Received<N>>
  : T extends AsyncIterable<infer V> & OnlySymbols<T> ? AsyncIterable<Sent<V>>
  : Crossing<T> extends 'reference' ? T | RemoteObject<T>
  : { [K in keyof T]: Sent<T[K]> };

/** Maps and sets are copied, but one with members of its own is an instance of a subclass. */
type PlainMap<T, K, V> = keyof T extends keyof Map<K, V> ? ReadonlyMap<K, V> : never;
type PlainSet<T, V> = keyof T extends keyof Set<V> ? ReadonlySet<V> : never;
type OnlySymbols<T> = keyof T extends symbol ? unknown : never;

/** {@link Received} for each element of a list of arguments; their names, and which are optional, stay. */
export type ReceivedEach<A extends readonly unknown[]> = { [I in keyof A]: Received<A[I]> };
/** {@link Sent} for each element of a list of arguments; their names, and which are optional, stay. */
export type SentEach<A extends readonly unknown[]> = { [I in keyof A]: Sent<A[I]> };

/** What a local callback may return where the other side expects an `R`. Where nothing is expected, anything. */
type Answer<R> =
  IsAny<R> extends true ? R
  : Awaited<R> extends void ? void
  : Sent<Awaited<R>> | PromiseLike<Sent<Awaited<R>>>;

/** A mapped type over an array is resolved at once, `E[]` when needed: that is what lets `type Json = … | Json[]` pass. */
type ReceivedList<T extends readonly unknown[]> =
  IsTuple<T> extends true ? ReceivedEach<T>
  : T extends unknown[] ? Received<T[number]>[]
  : readonly Received<T[number]>[];

type SentList<T extends readonly unknown[]> =
  IsTuple<T> extends true ? SentEach<T>
  : T extends unknown[] ? Sent<T[number]>[]
  : readonly Sent<T[number]>[];

type IsTuple<T extends readonly unknown[]> =
  number extends T['length'] ?
    T extends readonly [unknown, ...unknown[]] | readonly [...unknown[], unknown] ? true : false
  : true;
