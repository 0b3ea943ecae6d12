import { EventEmitter } from 'node:events';
import type http from 'node:http';
import type net from 'node:net';
import type { ChildProcess } from 'node:child_process';
import type { EventEmitter as EventEmitter3 } from 'eventemitter3';
import type { Declares, Emits, Received, Remote, RemoteObject } from '../../src/types/remote.js';
import { is, same } from './expect.js';

interface Message { nick: string; text: string; reply: (text: string) => boolean }

// Overloads, as most libraries write them.
interface Client {
  on(event: string, handler: (...args: unknown[]) => void): this;
  on(event: 'message', handler: (message: Message) => void): this;
  on(event: 'e1' | 'e2', handler: (n: 1) => void): this; on(event: 'e3', handler: (n: 3) => void): this;
  on(event: 'e4', handler: (n: 4) => void): this; on(event: 'e5', handler: (n: 5) => void): this;
  on(event: 'e6', handler: (n: 6) => void): this; on(event: 'e7', handler: (n: 7) => void): this;
  on(event: 'e8', handler: (n: 8) => void): this; on(event: 'e9', handler: (n: 9) => void): this;
  on(event: 'e10', handler: (n: 10) => void): this; on(event: 'e11', handler: (n: 11) => void): this;
  on(event: 'e12', handler: (n: 12) => void): this; on(event: 'e13', handler: (n: 13) => void): this;
  on(event: 'e14', handler: (n: 14) => void): this; on(event: 'e15', handler: (n: 15) => void): this;
  on(event: 'e16', handler: (n: 16) => void): this; on(event: 'e17', handler: (n: 17) => void): this;
  on(event: 'e18', handler: (n: 18) => void): this; on(event: 'e19', handler: (n: 19) => void): this;
  on(event: 'e20', handler: (n: 20) => void): this; on(event: 'e21', handler: (n: 21) => void): this;
  on(event: 'e22', handler: (n: 22) => void): this; on(event: 'e23', handler: (n: 23) => void): this;
  once(event: 'message', handler: (message: Message) => void): this;
  once(event: 'join', handler: (message: Message, count: number) => void): void;
  addEventListener(type: 'a', handler: (event: { reply: (text: string) => void }) => void, options?: { once?: boolean }): void;
  say(text: string): void;
}
declare const client: Remote<Client>;
client
  .on('message', (message) => { is<string>()(message.nick); is<Promise<boolean>>()(message.reply('x')); })
  .on('message', async (message) => { await message.reply('x'); })
  .on('message', (message) => message.reply('x'))
  .on('e2', (n) => is<1>()(n))
  .on('e23', (n) => is<23>()(n))
  .on('other', (...args) => is<unknown[]>()(args))
  .say('x').then(() => {});
is<RemoteObject<Client>>()(client.once('message', () => 1));
is<void>()(client.once('join', (message, count) => { is<number>()(count); void message.reply('x'); }));
is<void>()(client.addEventListener('a', (event) => is<Promise<void>>()(event.reply('x')), { once: true }));
// @ts-expect-error there is no such event, and no overload for any string
client.once('none', () => {});
// @ts-expect-error nor can a handler want something else
client.once('message', (_message: number) => {});

// Node's own generic emitter: from its map.
interface Events { message: [message: Message]; count: [n: number, of: number]; close: [] }
declare const node: Remote<EventEmitter<Events>>;
node.on('message', (message) => is<Promise<boolean>>()(message.reply('x'))).off('count', (n, of) => is<number>()(n + of));
node.removeAllListeners('message').removeAllListeners();
// @ts-expect-error there is no such event
node.on('none', () => {});
is<Promise<boolean>>()(node.emit('count', 1, 2));
void node.emit('message', { nick: '', text: '', reply: async () => true });
void node.emit('close');
// @ts-expect-error there is no such event
void node.emit('none');
// @ts-expect-error nor can it have other arguments
void node.emit('count', 'x');
is<Promise<unknown>>()(node.listeners('count'));
is<Promise<number>>()(node.listenerCount('count'));
declare const plain: Remote<EventEmitter>;
is<RemoteObject<EventEmitter>>()(plain.on('any', (a, b) => [a, b]));

// A subclass of it: its type cannot be read, so its own signature stays, or Emits says it.
class Sub extends EventEmitter<Events> { say(text: string): number { return text.length; } }
declare const sub: Remote<Sub>;
is<Promise<boolean>>()(sub.emit('count', 1, 2));
sub.on('message', (message) => is<string>()(message.nick));
sub.on('count', (n) => is<number>()(n));
is<Promise<number>>()(sub.say('x'));
declare const told: Remote<Sub & Emits<Events>>;
told.on('message', (message) => is<Promise<boolean>>()(message.reply('x'))).say('x').then((n) => is<number>()(n));
told.off('close', () => {}).removeAllListeners('close');
// @ts-expect-error there is no such event
told.on('none', () => {});

// Other generic ones: read event by event.
interface Handlers { message: (message: Message) => void; count: (n: number, of: number) => void; also: (n: number) => void; close: () => void }
interface Generic {
  on<K extends keyof Handlers>(event: K, handler: Handlers[K]): this;
  off<K extends keyof Events>(event: K, handler?: (...args: Events[K]) => void): this;
  say(text: string): void;
}
declare const generic: Remote<Generic>;
generic
  .on('message', (message) => is<Promise<boolean>>()(message.reply('x')))
  .on('count', (n, of) => is<number>()(n + of))
  .on('also', (...args) => is<[n: number]>()(args))
  .on('close', (...args) => is<[]>()(args))
  .off('message', (message) => is<Promise<boolean>>()(message.reply('x')))
  .off('count').say('x').then(() => {});
// @ts-expect-error there is no such event
generic.on('none', () => {});
// @ts-expect-error nor such an argument
generic.on('close', (n: number) => n);

declare const third: Remote<EventEmitter3<Events> & { say(text: string): void }>;
third.on('message', (message) => is<Promise<boolean>>()(message.reply('x')), {}).on('close', () => {}).say('x').then(() => {});
declare const loose: Remote<EventEmitter3>;
loose.on('any', (a, b) => [a, b]).on('any', () => {});

// 100 events, as the biggest clients have.
type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Many = { [K in `event${Digit}${Digit}`]: [name: K, reply: (text: string) => number] };
declare const many: Remote<{ on<K extends keyof Many>(event: K, handler: (...args: Many[K]) => void): void }>;
many.on('event42', (name, reply) => { is<'event42'>()(name); is<Promise<number>>()(reply('x')); });

// Generic and overloaded: the signature stays.
interface Both {
  on<K extends keyof Events>(event: K, handler: (...args: Events[K]) => void): this;
  on<K extends string>(event: Exclude<K, keyof Events>, handler: (...args: unknown[]) => void): this;
}
declare const both: Remote<Both>;
both.on('message', (message) => is<string>()(message.nick)).on('count', (n, of) => is<number>()(n + of));

// Real and big ones.
declare const server: Remote<http.Server>;
async function serve(): Promise<void> {
  is<RemoteObject<http.Server>>()(await server.listen(8080, () => {}));
  await server.listen({ port: 1 });
  await server.listen('/a', 1);
  // @ts-expect-error not a port
  await server.close(1);
  is<Promise<boolean>>()(server.listening);
  const address = await server.address();
  if (typeof address === 'object') is<number | undefined>()(address?.port);
  server.on('request', (request, response) => {
    is<string | undefined>()(request.url);
    response.end('x');
  }).on('close', () => {}).listening.then(() => {});
}
declare const socket: Remote<net.Socket>;
socket.on('data', (data) => is<Buffer<ArrayBuffer>>()(data)).once('close', (had) => is<boolean>()(had)).write('x').then((more) => is<boolean>()(more));
declare const child: Remote<ChildProcess>;
child.on('exit', (code, signal) => { is<number | null>()(code); is<NodeJS.Signals | null>()(signal); });
// `on` that returns something else: without `off` it is a call like any other, with it the proxy is returned.
declare const nano: Remote<{ on(event: 'a', handler: (n: number) => void): () => void }>;
is<Promise<void>>()(nano.on('a', (n) => is<number>()(n)).then((off) => off()));
interface Odd { on(event: 'a', handler: (n: number) => void): number; off(event: 'a', handler: () => void): boolean }
declare const odd: Remote<Odd>;
is<RemoteObject<Odd>>()(odd.on('a', () => {}).off('a', () => {}));
interface Mitt { on(event: string, handler: (...args: unknown[]) => void): void; off(event: string): void }
declare const mitt: Remote<Mitt>;
is<void>()(mitt.on('a', () => {}));
is<RemoteObject<EventEmitter>>()(plain.setMaxListeners(1));
declare const target: Remote<EventTarget>;
is<void>()(target.addEventListener('x', (event) => void event));
same<Received<http.Server>, RemoteObject<http.Server>>(true);
void serve;

// What a host has declared with declareListeners returns at once, too.
interface Store {
  subscribe(listener: (state: { undo: () => number }) => void): () => void;
  watch(key: string, listener: (value: string) => void): this;
  unwatch(key: string, listener: (value: string) => void): void;
  size(): number;
}
declare const store: Remote<Store & Declares<'subscribe' | 'watch' | 'unwatch'>>;
const subscription = store.subscribe((state) => is<Promise<number>>()(state.undo()));
subscription();
subscription.unsubscribe();
subscription[Symbol.dispose]();
store.watch('a', (value) => is<string>()(value)).watch('b', () => {}).unwatch('a', () => {});
is<Promise<number>>()(store.size());
