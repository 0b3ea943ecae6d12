import type http from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { Socket } from 'node:net';
import type { Received, Remote, RemoteObject, Sent } from '../../src/types/remote.js';
import { is, same } from './expect.js';

// What is plain data arrives as it is.
same<Received<string>, string>(true);
same<Received<undefined | null | 1n>, undefined | null | 1n>(true);
same<Received<'a' | 'b'>, 'a' | 'b'>(true);
same<Received<Date | URL | Buffer>, Date | URL | Buffer>(true);
same<Received<Uint8Array>, Uint8Array>(true);
same<Received<Error>, Error>(true);
same<Received<[a: string, b?: number]>, [a: string, b?: number]>(true);
same<Received<[string, ...Date[]]>, [string, ...Date[]]>(true);
same<Received<readonly string[]>, readonly string[]>(true);
same<Received<{ readonly a: string; b?: { c: Date[] } }>['b'], { c: Date[] } | undefined>(true);
same<Received<Map<string, Set<number>>>, Map<string, Set<number>>>(true);
type Branded = string & { readonly brand: 'nick' };
same<Received<Branded>, Branded>(true);

// Anything, nothing, and what cannot be known.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the case under test
same<Received<any>, any>(true); same<Remote<any>, any>(true); same<Sent<any>, any>(true);
same<Received<unknown>, unknown>(true); same<Remote<unknown>, unknown>(true); same<Sent<unknown>, unknown>(true);
same<Received<never>, never>(true); same<Remote<never>, never>(true); same<Sent<never>, never>(true);

// Recursive types.
type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
declare const json: Received<Json>;
const sameJson: Json = json;
const sentJson: Sent<Json> = sameJson;
type Nested = Nested[];
declare const nested: Received<Nested>;
is<Nested>()(nested as Nested); void nested[0]?.[0]?.[0];
type Tree = Map<string, Tree>;
declare const tree: Received<Tree>;
void tree.get('a')?.get('b')?.get('c');
same<Received<ReadonlyMap<string, Date>>, Map<string, Date>>(true);
const sentMap: Sent<Map<string, (n: number) => boolean>> = new Map([['a', async (n: number) => n > 1]]);
void sentMap;
interface Node { parent: Node | null; children: Node[]; text: string }
declare const node: Received<Node>;
const sameNode: Node = node;
void [sentJson, sameNode];
interface Element { parent: Element | null; children: Element[]; append(child: Element): void; find(by: (e: Element) => boolean): Element }
declare const element: Received<Element>;
is<Promise<RemoteObject<Element> | null>>()(element.parent);
void element.append(element);
void element.find(async (e) => (await e.children).length > 0);

// Functions and promises inside data.
declare const event: Received<{ nick: string; done: Promise<{ reply: (text: string) => boolean }>; more: { reply: (text: string) => number }[] }>;
is<string>()(event.nick);
void event.done.then(({ reply }) => reply('x').then((ok) => is<boolean>()(ok)));
is<Promise<number> | undefined>()(event.more[0]?.reply('x'));
// @ts-expect-error the type of an argument is checked
void event.more[0]?.reply(1);
same<Received<Map<string, () => Promise<Promise<number>>>> extends Map<string, () => infer R> ? R : 0, Promise<number>>(true);

// What is stood in for by the same kind of thing.
same<Received<Promise<Promise<string>>>, Promise<string>>(true);
same<Received<AbortSignal>, AbortSignal>(true);
same<Received<Socket>, Duplex>(true);
same<Received<Readable>, Readable>(true);
same<Received<http.IncomingMessage>, http.IncomingMessage>(true);
same<Received<ReadableStream<Uint8Array>> extends ReadableStream<Uint8Array> ? 1 : 0, 1>(true);
declare const lines: Received<AsyncIterable<{ say: (text: string) => number }>>;
async function read(): Promise<void> {
  for await (const line of lines) is<Promise<number>>()(line.say('x'));
}
declare const generator: Received<AsyncGenerator<string, number, boolean>>;
void generator.next(true).then((result) => { if (!result.done) is<string>()(result.value); });
void read;
